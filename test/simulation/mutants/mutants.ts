import type { Mutant } from '../../support/mutation/mutant.js';

const mutants: readonly Mutant[] = [
  {
    name: 'answers-before-durable',
    what: 'answers leave as soon as they are recorded',
    file: 'src/exchange/shard/committer.ts',
    replacements: [{ text: 'this.waiting.push(answer);', by: 'answer();' }],
  },
  {
    name: 'appends-without-sync',
    what: 'the log says appended without having synced',
    file: 'infra/embedded/segments/segment-file.ts',
    replacements: [
      { text: '    await files.dataSync(fd);\n', by: '' },
      { text: '    files.dataSyncNow(fd);\n', by: '' },
    ],
  },
  {
    name: 'appends-though-fenced',
    what: 'a writer does not look for a newer one after it has synced',
    file: 'infra/embedded/writer.ts',
    replacements: [
      {
        text: "if (isFenced(files, folder, live.epoch))\n        throw new Error('a newer writer took over while the batch was being written');",
        by: '',
      },
      {
        text: "if (isFenced(files, folder, live.epoch)) return this.stop('fenced', new Error('a newer writer has taken over'));",
        by: '',
      },
    ],
  },
  {
    name: 'last-frame-not-rewritten',
    what: 'a new writer trusts a last frame whose sync may have failed',
    file: 'infra/embedded/opening.ts',
    replacements: [{ text: 'if (lastFrame !== undefined) {', by: 'if (lastFrame?.epoch === -1) {' }],
  },
  {
    name: 'client-ids-forgotten',
    what: 'client ids are forgotten after a snapshot',
    file: 'src/exchange/snapshots/snapshot-dump.ts',
    replacements: [
      {
        text: 'clientIds: IdempotencyIndex.restore(clientIds),',
        by: 'clientIds: IdempotencyIndex.restore(clientIds.map((slice) => ({ ...slice, checks: slice.checks.map(() => 0) }))),',
      },
    ],
  },
  {
    name: 'priority-inverted',
    what: 'of intentions at one price the youngest deals first',
    file: 'src/domain/board/board.ts',
    replacements: [
      {
        text: 'return level === Index.None ? Index.None : this.levels.head(level);',
        by: 'return level === Index.None ? Index.None : this.levels.tail(level);',
      },
    ],
  },
  {
    name: 'deals-not-resumed',
    what: 'a recovery settles no deal in doubt',
    file: 'src/exchange/shard/shard.ts',
    replacements: [{ text: '    resumeDeals(this.turns);\n', by: '' }],
  },
  {
    name: 'reductions-misread',
    what: 'a replay takes every reduction for one lot less than it was',
    file: 'src/exchange/recovery/market-fold.ts',
    replacements: [
      {
        text: 'this.market.applyIntentionReduced(this.row(event.intentionId), event);',
        by: 'this.market.applyIntentionReduced(this.row(event.intentionId), { ...event, byLots: event.byLots - 1 });',
      },
    ],
  },
];

/** Bugs to be planted, to prove that the simulation finds them: by name. */
export const mutantsByName: Readonly<Record<string, Mutant>> = Object.fromEntries(
  mutants.map((mutant) => [mutant.name, mutant]),
);
