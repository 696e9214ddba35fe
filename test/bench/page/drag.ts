import { flowSymbol } from '../flow/flow.js';
import { FlowRandom } from '../flow/flow-random.js';
import { Durations, rounded } from '../statistics.js';
import { until } from './until.js';
import type { WatchedPage } from './watched-page.js';

const SEED = 5;
/** Away from the ends of the slider: at the very end the page is live. */
const EDGE_PX = 20;
const UNCOUNTED = 3;

export interface Drags {
  /** How many the log has. */
  readonly events: number;
  readonly moves: number;
}

/**
 * Takes hold of the time line and moves it to places at random, each as soon as the ladder has shown the book of the one before: the time
 * from the event of the slider to that, and what of it the request for the book took.
 */
export async function drag(watched: WatchedPage, url: string, { events, moves }: Drags): Promise<object> {
  const { page } = watched;
  await page.goto(`${url}/market/${flowSymbol}?at=${events >> 1}`);
  const slider = page.locator('.time-track input');
  await slider.waitFor();
  await until('the ladder', async () => ((await watched.ask('position')) > 0 ? true : undefined));
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the time line is not to be seen');
  const random = new FlowRandom(SEED);
  const y = box.y + box.height / 2;
  const place = (): number => box.x + EDGE_PX + random.below(Math.floor(box.width) - 2 * EDGE_PX);
  const drags = new Durations();
  await page.mouse.move(place(), y);
  await page.mouse.down();
  await watched.ask('dragged');
  for (let move = 0; move < moves + UNCOUNTED; move++) {
    await watched.ask('forgetDrag');
    if (move === UNCOUNTED) await watched.ask('bookRequestsMs');
    await page.mouse.move(place(), y);
    const { ms } = await watched.ask('dragged');
    if (move >= UNCOUNTED) drags.add(ms);
  }
  await page.mouse.up();
  const requests = new Durations();
  for (const ms of await watched.ask('bookRequestsMs')) requests.add(ms);
  const [dragMsP50 = 0, dragMsP95 = 0] = drags.percentiles([0.5, 0.95]).map((ms) => rounded(ms, 3));
  const [dragRequestMsP50 = 0, dragRequestMsP95 = 0] = requests.percentiles([0.5, 0.95]).map((ms) => rounded(ms, 3));
  return { dragMsP50, dragMsP95, dragRequestMsP50, dragRequestMsP95 };
}
