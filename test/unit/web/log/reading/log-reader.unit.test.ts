import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ParleySocket } from '../../../../../src/client/socket/socket.js';
import type { RecordedEvent } from '../../../../../src/client/types.js';
import { LogReader } from '../../../../../src/web/log/reading/log-reader.js';
import { everything, type LogFilter } from '../../../../../src/web/log/telling/filter.js';
import { LogNames } from '../../../../../src/web/log/telling/names.js';
import type { Source } from '../../../../../src/web/source/source.js';
import { expiry, logOf, sourceOfLog } from '../events.js';

/** Frames are drawn by hand, and time passes by hand. */
let frames: (() => void)[] = [];
let nowMs = 0;

beforeEach(() => {
  frames = [];
  nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function draw(afterMs = 1_000): void {
  nowMs += afterMs;
  const due = frames;
  frames = [];
  for (const each of due) each();
}

/** A reader of a log that begins with so many events, and the way to send it more. */
async function started(count: number, { at, filter = everything }: { at?: number; filter?: LogFilter } = {}) {
  const source = {
    ...sourceOfLog(logOf(count)),
    kind: 'server',
    moment: () => Promise.resolve({ position: at ?? count }),
    instruments: () => Promise.resolve([]),
    intentions: () => Promise.resolve([]),
  } as unknown as Source; // no more of it is asked
  let hand: (event: RecordedEvent) => void = () => undefined;
  const socket = {
    subscribe: (_wish: object, handler: typeof hand) => {
      hand = handler;
      return Promise.resolve(() => undefined);
    },
  } as unknown as ParleySocket; // nor of it
  const live = at === undefined ? socket : undefined;
  const reader = new LogReader({ source, shard: undefined, at, socket: live, names: new LogNames() });
  await reader.start(filter, undefined);
  let next = count;
  const send = (more: number): void => {
    for (let sent = 0; sent < more; sent++) hand(expiry(next++));
  };
  return { reader, send };
}

const span = (reader: LogReader): readonly (number | undefined)[] => [
  reader.seen.rows[0]?.event.position,
  reader.seen.rows.at(-1)?.event.position,
];

describe('the reader of the log', () => {
  it('The reader of the log shows what comes with the next frame, and not before', async () => {
    const { reader, send } = await started(100);
    send(5);
    expect(span(reader)).toEqual([0, 99]);
    draw();
    expect(span(reader)).toEqual([0, 104]);
    expect(reader.end.value).toBe(105);
  });

  it('The reader of the log keeps what is shown while it does not follow, counts what comes, and shows it all when it follows again', async () => {
    const { reader, send } = await started(100);
    reader.stopFollowing(true);
    send(7);
    draw();
    expect(span(reader)).toEqual([0, 99]);
    expect(reader.waiting.value).toBe(7);
    reader.follow();
    expect(span(reader)).toEqual([0, 106]);
    expect(reader.waiting.value).toBe(0);
  });

  it('The reader of the log holds no more than 5,000 rows, whether it follows or not', async () => {
    const { reader, send } = await started(100);
    send(6_000);
    draw();
    expect(reader.seen.rows).toHaveLength(5_000);
    reader.stopFollowing();
    send(7_000);
    draw();
    expect(reader.waiting.value).toBe(7_000);
    reader.follow();
    expect(reader.seen.rows).toHaveLength(5_000);
    expect(span(reader)).toEqual([8_100, 13_099]);
    expect(reader.seen.from).toBe(8_100);
  });

  it('The reader of the log draws a flood of events less often than each frame, and a few at once', async () => {
    const { reader, send } = await started(100);
    send(200);
    draw();
    send(200);
    draw(16);
    expect(reader.end.value).toBe(300);
    draw(40);
    expect(reader.end.value).toBe(500);
    send(3);
    draw(16);
    expect(reader.end.value).toBe(503);
  });

  it('The reader of the log takes what comes to a page that is not looked at, which gets no frames', async () => {
    const { reader, send } = await started(100);
    send(25_000);
    expect(reader.end.value).toBeGreaterThan(20_000);
  });

  it('The reader of the log goes to a position with what stands around it, and back to the end with all that came', async () => {
    const { reader, send } = await started(20_000);
    await reader.goTo(5_000);
    expect(span(reader)).toEqual([4_000, 5_999]);
    send(3);
    draw();
    await reader.readMore('later');
    expect(span(reader)).toEqual([4_000, 6_999]);
    reader.follow();
    await reader.readMore('earlier');
    expect(span(reader)).toEqual([19_000, 20_002]);
  });

  it('The reader of the log shows nothing from the moment on at which the page stands', async () => {
    const { reader } = await started(2_000, { at: 1_500 });
    expect(span(reader)).toEqual([500, 1_499]);
    await reader.readMore('later');
    expect(span(reader)).toEqual([500, 1_499]);
    expect(reader.isAtEnd).toBe(true);
  });

  it('The reader of the log begins again at the end when the filter is another one', async () => {
    const { reader, send } = await started(3_000);
    reader.stopFollowing();
    await reader.filterBy({ ...everything, text: 'intention-2999' });
    expect(reader.isFollowing.value).toBe(true);
    expect(reader.seen.rows.filter(({ isUnsure }) => !isUnsure).map(({ event }) => event.position)).toEqual([2_998]);
    send(1);
    draw();
    expect(reader.end.value).toBe(3_001);
  });

  it('The reader of the log reads the events of one intention from its post on, however far apart they are', async () => {
    const filter = { ...everything, stream: 'intention-7' };
    const { reader } = await started(60_000, { filter });
    expect(reader.seen.rows.map(({ event }) => event.position)).toEqual([6]);
    expect(reader.seen.from).toBe(0);
  });
});
