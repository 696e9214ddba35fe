import type { Command } from 'commander';
import { FIRST_DIGEST, proofBatch, type ProofHeader } from '../../../../../projections/audit/proof.js';
import { anchorText } from '../../../../log/anchor.js';
import { digestBefore } from '../../../../log/evidence.js';
import type { ShardLog } from '../../../../log/port.js';
import { positionText } from '../../../../log/position-text.js';
import { anchorsOf, type NamedAnchor } from '../../../../app/anchors/anchors.js';
import { anchorOption } from '../../../options/anchor-option.js';
import { alwaysJson } from './event-printer.js';
import type { ReadMarket } from '../../../../app/logs/market.js';
import { beyondHead } from '../../../reports/log/history.js';
import { readingMarket } from '../../../options/logs/with-market.js';
import { type LogPosition, parsePosition } from '../../../options/logs/points.js';
import { ExitCode, Failure, failure } from '../../../../app/exit.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

interface ProveOptions {
  readonly anchor?: readonly string[];
}

export function logProveVerb(terminal: Terminal): Command {
  return new Verb('prove')
    .description(
      'Prints a proof that the batch with an event stands in the log, for somebody who has an anchor of it and not the log: the batch, ' +
        'and those behind it up to the first anchor that is given. Without one the batch ends the proof, and the one who checks it must ' +
        'have its own anchor. `parley log verify` checks proofs. One proof is of one shard: SHARD/POSITION.',
    )
    .argument('<position>', 'the event’s position', parsePosition)
    .addOption(
      anchorOption(
        '--anchor <anchor|file>',
        'the anchor to lead to; of several, the first at or behind the batch’s end',
      ),
    )
    .logOptions()
    .addOption(alwaysJson())
    .examples(
      ['parley log prove 68 --anchor anchors.txt > proof.jsonl', 'up to an anchor that was kept'],
      ['parley log prove 68', 'of the batch alone'],
    )
    .action(async (place: LogPosition, options: ProveOptions, command: Command) => {
      const anchors = anchorsOf(options.anchor ?? [], (text) => terminal.warn(text));
      const proveIn = async (market: ReadMarket): Promise<void> => {
        market.mustBeOne('one proof is of one shard');
        const [shard = 0] = market.shards;
        const own =
          options.anchor === undefined ? undefined : anchors.filter((each) => (each.shard ?? shard) === shard);
        await prove(terminal, await market.log(shard), { ...place, shard: market.shown(shard) }, own);
      };
      await readingMarket(terminal, command, proveIn, [place]);
    });
}

async function prove(
  terminal: Terminal,
  log: ShardLog,
  { position, shard: shown }: LogPosition,
  anchors: readonly NamedAnchor[] | undefined,
): Promise<void> {
  const { out } = terminal;
  let anchor: Pick<NamedAnchor, 'position' | 'digest'> | undefined;
  for await (const batch of log.read(position)) {
    terminal.throwIfStopped();
    const end = batch.firstPosition + batch.count;
    const proved = proofBatch(batch);
    if (anchor === undefined) {
      anchor = anchors === undefined ? { position: end, digest: proved.digest } : await heldAnchor(log, end, anchors);
      const { firstPosition } = batch;
      const before = firstPosition === 0 ? FIRST_DIGEST : await digestBefore(log, firstPosition);
      const text = anchorText({ ...anchor, shard: log.shard });
      await out.json({
        kind: 'proof',
        shard: log.shard,
        position: firstPosition,
        before,
        anchor: text,
      } satisfies ProofHeader);
    }
    await out.json(proved.batch);
    if (end >= anchor.position) return;
  }
  if (anchor !== undefined) return;
  throw beyondHead(position, shown, await log.head());
}

/** The first one at or behind a position. Fails where there is none, and where the log does not hold it. */
async function heldAnchor(log: ShardLog, end: number, anchors: readonly NamedAnchor[]): Promise<NamedAnchor> {
  const [first] = anchors.filter(({ position }) => position >= end).sort((one, other) => one.position - other.position);
  if (first === undefined) throw failure(`there is no anchor from position ${positionText(end, log.shard)} on`);
  const isHeld = first.position <= (await log.head()) && (await digestBefore(log, first.position)) === first.digest;
  if (isHeld) return first;
  const text = anchorText({ ...first, shard: log.shard });
  throw new Failure(ExitCode.Violated, `ANCHOR_NOT_HELD: the log does not hold the anchor ${text} of ${first.source}`);
}
