import { makeFlow } from './flow.js';
import { FlowPlayer } from './flow-player.js';
import { type Part, say, thousands } from '../part.js';
import { checkSameDeals, PeerTaker } from './peer-taker.js';
import { median, rounded } from '../statistics.js';

const CHECKED_COMMANDS = 200_000;
const WINDOWS = 10;
const RUNS = 3;

/**
 * nodejs-order-book, in memory, on the same flow: its limit orders a second, with their cancels. First both must have made the same
 * deals, in the same order. The windows show how its rate changes as the run gets longer.
 */
export const peer: Part = async ({ quick }) => {
  const posts = quick ? 20_000 : CHECKED_COMMANDS;
  const deals = checkSameDeals(makeFlow(posts), posts);
  say(`peer: the same ${thousands(deals)} deals from ${thousands(posts)} intentions`);
  const window = quick ? 10_000 : 100_000;
  const runs = Array.from({ length: RUNS }, () => ratesOfWindows(window));
  const windows = Array.from({ length: WINDOWS }, (_, index) =>
    median(runs.map((rates) => rates[index] ?? Number.NaN)),
  );
  const totals = runs.map((rates) => WINDOWS / rates.reduce((seconds, rate) => seconds + 1 / rate, 0));
  return {
    nodejsOrderBook: {
      ordersPerSecond: rounded(median(totals)),
      orders: WINDOWS * window,
      ordersPerSecondByWindow: windows.map((rate) => rounded(rate, 3)),
      checkedOrders: posts,
      checkedDeals: deals,
    },
  };
};

function ratesOfWindows(window: number): number[] {
  const player = new FlowPlayer(makeFlow());
  const taker = new PeerTaker();
  return Array.from({ length: WINDOWS }, () => {
    const from = performance.now();
    player.play(window, taker);
    return (1_000 * window) / (performance.now() - from);
  });
}
