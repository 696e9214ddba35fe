/** What a demonstration market keeps to, however long it runs. */
import assert from 'node:assert/strict';
import { MOST_LOTS } from '../../../src/app/demo/desk.js';
import { cast } from '../../../src/app/demo/cast.js';
import { Maker } from '../../../src/app/demo/characters/maker.js';
import type { SimulatedDemo } from './simulated-demo.js';

export const symbols = ['ACME', 'GLOBEX', 'INITECH', 'HOOLI'] as const;

/** More than all characters hold when each holds most. */
const MOST_OPEN = 70;
/** In events of the log: some five minutes. */
const OLDEST = 10_000;
/** What it began with, in ticks. */
const STARTS: Readonly<Record<string, number>> = { ACME: 1_025, GLOBEX: 496, INITECH: 1_370, HOOLI: 640 };
const MOST_AWAY = 0.25;

/** Few intentions are open and none is old, nobody has more than may be, and prices are near where they began. */
export function expectBounds({ shard, exchange }: SimulatedDemo): void {
  const { market } = shard;
  const { openIntentions, state } = exchange.status();
  assert.equal(state, 'serving');
  assert.ok(openIntentions > 10 && openIntentions <= MOST_OPEN, `${openIntentions} intentions are open`);
  market.negotiators.forEachRow((row) => {
    const age = exchange.status().head - market.negotiators.postedPosition(row);
    assert.ok(age < OLDEST, `intention ${market.negotiators.id(row)} is ${age} events old`);
  });
  for (const { participantId, netLots } of market.exposures.holdings()) {
    const who = market.participantName(participantId);
    const most = who === Maker.who ? MOST_LOTS * (cast.length - 1) : MOST_LOTS;
    assert.ok(Math.abs(netLots) <= most, `${who} has ${netLots} lots`);
  }
  for (const { symbol, board } of market.instruments) {
    const start = STARTS[symbol] ?? 0;
    for (const side of [board.bids, board.asks]) {
      side.visitLevels((ticks) => {
        assert.ok(Math.abs(ticks / start - 1) < MOST_AWAY, `${symbol} is at ${ticks}`);
        return true;
      });
    }
  }
}
