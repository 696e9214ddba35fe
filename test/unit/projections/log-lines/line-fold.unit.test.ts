import { describe, expect, it } from 'vitest';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { directoryNames } from '../../../../projections/handshake/names.js';
import { type LineFilter, LineFold, type LogLine } from '../../../../projections/log-lines/line-fold.js';
import { foldLog } from '../../../../projections/read-models.js';
import { catalogue } from '../../../../src/events/catalogue.js';
import { streamOf } from '../../../../src/events/event.js';
import { logOf } from '../../../support/history/history-log.js';
import type { History } from '../../../support/history/history.js';
import { crashedDeal, longLife, Meeting, plainDeal } from '../handshake/scenes.js';

const all: LineFilter = { from: 0, until: Number.POSITIVE_INFINITY };

async function linesOf(history: History, filter: LineFilter = all): Promise<readonly LogLine[]> {
  const directory = new DirectoryFold();
  const lines = new LineFold(history.shard, directoryNames(directory), filter);
  await foldLog(logOf(history), [lines, directory]);
  return lines.take();
}

async function textOf(history: History, type: string): Promise<string | undefined> {
  return (await linesOf(history, { ...all, type: new Set([type]) })).at(-1)?.text;
}

describe('a log in lines for people', () => {
  it('A log in lines for people has a line for every event, with its position, its type, its stream and its time', async () => {
    for (const history of [plainDeal(), crashedDeal(), longLife()]) {
      const lines = await linesOf(history);
      expect(lines.map(({ position, type, stream }) => ({ position, type, stream }))).toEqual(
        history.events.map((event, position) => ({ position, type: event.type, stream: streamOf(event, 0) })),
      );
      let atMs = 0;
      history.events.forEach((event, position) => {
        atMs = 'atMs' in event ? event.atMs : atMs;
        expect(lines[position]?.atMs).toBe(atMs);
      });
    }
  });

  it('The lines for people know every type of the catalogue', () => {
    const own = Object.getOwnPropertyNames(LineFold.prototype);
    const types = new Set(catalogue.map(({ type }) => `${type.charAt(0).toLowerCase()}${type.slice(1)}`));
    expect([...types].filter((type) => !own.includes(type))).toEqual([]);
  });

  it('The lines of a log show names, decimal prices and decimal quantities', async () => {
    const history = plainDeal();
    const texts = (await linesOf(history)).map(({ text }) => text);
    expect(texts).toContain('bob is participant 1');
    expect(texts.find((text) => text.startsWith('intention 1 of'))).toMatch(
      /^intention 1 of bob sells 100 ACME at 10\.20, gtc \(.+\)$/,
    );
    expect(texts).toContain('intention 1 proposes 60 ACME at 10.20 to 2 (deal 1-1)');
    expect(texts).toContain('intention 2 accepts 60 ACME at 10.20 (deal 1-1)');
    expect(texts).toContain('deal 1-1: bob sells alice 60 ACME at 10.20');
    expect(texts).toContain('intention 2 has dealt 60 ACME at 10.20 (deal 1-1)');
    expect(await textOf(crashedDeal(), 'DealAborted')).toBe(
      'deal 1-1 with intention 2 comes to nothing: no decision came in time',
    );
    expect(await textOf(longLife(), 'IntentionReduced')).toMatch(/^intention 1 is reduced by 10 ACME$/);
    const withdrawn = new Meeting();
    withdrawn.deal(withdrawn.seller, withdrawn.buyer, 1020, 60);
    withdrawn.withdraw(withdrawn.seller, 'requested');
    expect(await textOf(withdrawn, 'IntentionWithdrawn')).toBe('intention 1 is withdrawn with 40 ACME open: requested');
  });

  it('The lines of a log show what is wanted alone, with the names that stand before it', async () => {
    const history = plainDeal();
    const confirmed = history.events.findIndex(({ type }) => type === 'DealConfirmed');
    const decided = await linesOf(history, { from: confirmed, until: confirmed + 1 });
    expect(decided.map(({ text }) => text)).toEqual(['deal 1-1: bob sells alice 60 ACME at 10.20']);
    const ofStream = await linesOf(history, { ...all, stream: 'intention-2' });
    expect(new Set(ofStream.map(({ stream }) => stream))).toEqual(new Set(['intention-2']));
    const ofTypes = await linesOf(history, { ...all, type: new Set(['DealSettled']) });
    expect(ofTypes.map(({ type }) => type)).toEqual(['DealSettled', 'DealSettled']);
  });
});
