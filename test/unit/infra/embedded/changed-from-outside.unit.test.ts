/** What somebody may do to a log's folder from outside, and what opens it all the same, or does not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER_BYTES } from '../../../../infra/embedded/format.js';
import { type FoundLog, LogLostError } from '../../../../src/log/port.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../../support/disk/memory-folder.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, ExchangeHarness } from '../../../support/reference/exchange-harness.js';

let place: MemoryFolder;
let folder: EmbeddedFolder;

beforeEach(() => {
  place = new MemoryFolder();
  folder = new EmbeddedFolder(place);
});

afterEach(() => {
  folder.dispose();
});

/** An exchange opens the log, lists an instrument the first time, takes so many posts, and closes in order unless it is killed. */
async function trade(posts: number, options: { readonly segmentBytes?: number; readonly isKilled?: true } = {}) {
  const harness = await ExchangeHarness.open(folder.log(options));
  await harness.play({ kind: 'list', listing: acme }, 'durable');
  for (let lots = 1; lots <= posts; lots++) await harness.play(post('alice', 'sell', 100, lots), 'durable');
  const claim =
    place.names
      .filter((name) => name.startsWith('writer-'))
      .sort()
      .at(-1) ?? '';
  const atDeath = place.bytes(claim);
  await harness.close();
  if (options.isKilled === true) place.put(claim, atDeath);
}

const segments = (): string[] => place.names.filter((name) => name.endsWith('.log')).sort();

/** Opens, and sees to it that a refusal leaves the folder as it was. */
async function open(): Promise<void> {
  const before = place.names.map((name) => [name, place.bytes(name).toString('hex')]);
  try {
    await (await ExchangeHarness.open(folder.log())).close();
  } catch (error) {
    expect(place.names.map((name) => [name, place.bytes(name).toString('hex')])).toEqual(before);
    throw error;
  }
}

describe('an embedded log that was changed from outside while nobody wrote it', () => {
  it('An embedded log that was changed from outside while nobody wrote it is refused when all segments are gone and claims are left', async () => {
    await trade(3, { isKilled: true });
    for (const file of segments()) place.remove(file);
    await expect(open()).rejects.toThrow(LogLostError);
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused when the last segment is gone, whichever writer made it', async () => {
    await trade(3);
    await trade(3, { isKilled: true });
    place.remove(segments().at(-1) ?? '');
    await expect(open()).rejects.toThrow(/writer-000002.json knows that .*-000002.log was written, which is gone/);
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused when the segment that a writer went on in is gone', async () => {
    await trade(8, { segmentBytes: 600, isKilled: true });
    expect(segments().length).toBeGreaterThan(1);
    place.remove(segments().at(-1) ?? '');
    await expect(open()).rejects.toThrow(LogLostError);
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused when whole frames are cut from its end after it was closed', async () => {
    await trade(8);
    const [file = ''] = segments();
    const bytes = place.bytes(file);
    const ends: number[] = [];
    for await (const { byte } of folder.log().frames()) ends.push(byte);
    place.put(file, bytes.subarray(0, ends.at(-3)));
    await expect(open()).rejects.toThrow(/knows that the log held every event before position/);
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused when its last frame is torn although its writer had closed it', async () => {
    await trade(8);
    const [file = ''] = segments();
    const bytes = place.bytes(file);
    place.put(file, bytes.subarray(0, bytes.length - 1));
    await expect(open()).rejects.toThrow(LogLostError);
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused when it was written again with as many events', async () => {
    await trade(4);
    const claim = place.bytes('writer-000001.json');
    const other = new EmbeddedFolder(new MemoryFolder());
    const harness = await ExchangeHarness.open(other.log());
    await harness.play({ kind: 'list', listing: acme }, 'durable');
    for (let lots = 1; lots <= 4; lots++) await harness.play(post('mallory', 'sell', 100, lots), 'durable');
    await harness.close();
    const [file = ''] = segments();
    place.put(file, other.bytes(file));
    place.put('writer-000001.json', claim);
    await expect(open()).rejects.toThrow(/had the digest [0-9a-f]{64}; now it is [0-9a-f]{64}/);
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused when a byte was flipped in what no reader would read at a start', async () => {
    await trade(8, { segmentBytes: 600 });
    const [file = ''] = segments();
    const bytes = place.bytes(file);
    bytes[HEADER_BYTES + 40] = (bytes[HEADER_BYTES + 40] ?? 0) ^ 1;
    place.put(file, bytes);
    await expect(open()).rejects.toThrow('does not match its CRC');
  });

  it('An embedded log that was changed from outside while nobody wrote it is opened as the start that was killed before it would have found it', async () => {
    await trade(3, { isKilled: true });
    const { head } = await folder.log().inspect();
    // Between its claim and its segment.
    place.put(
      'writer-000002.json',
      Buffer.from(`{"epoch":2,"pid":1,"host":"x","startedAt":"2026-01-01T00:00:00.000Z","head":2}\n`),
    );
    expect((await folder.log().inspect()).head).toBeLessThan(head);
    await open();
    expect((await folder.log().inspect()).head).toBeGreaterThan(head);
  });

  it('An embedded log that was changed from outside while nobody wrote it is opened with the claims of versions that noted nothing in them', async () => {
    await trade(3);
    place.put(
      'writer-000001.json',
      Buffer.from(`{"epoch":1,"pid":1,"host":"x","startedAt":"2026-01-01T00:00:00.000Z"}\n`),
    );
    await open();
  });

  it('An embedded log that was changed from outside while nobody wrote it is refused where such claims are all that is left of it', async () => {
    for (const epoch of [1, 2]) {
      const claim = { epoch, pid: 1, host: 'x', startedAt: '2026-01-01T00:00:00.000Z' };
      place.put(`writer-00000${epoch}.json`, Buffer.from(`${JSON.stringify(claim)}\n`));
    }
    await expect(open()).rejects.toThrow(LogLostError);
  });

  it('An embedded log that was changed from outside while nobody wrote it says how many events wait for a writer that claimed the log and made no segment', async () => {
    await trade(3, { isKilled: true });
    const whole = await folder.log().inspect();
    place.put('writer-000002.json', Buffer.from('{"epoch":2}\n'));
    const report = await folder.log().inspect();
    expect(report.waiting).toMatchObject({ frames: 1, epoch: 2 });
    expect(report.head + (report.waiting?.events ?? 0)).toBe(whole.head);
    const bytes = report.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    expect(bytes + (report.waiting?.bytes ?? 0)).toBe(place.bytes(segments()[0] ?? '').length);
  });

  it('An embedded log that was changed from outside while nobody wrote it is opened after a repair, which knows what it cut', async () => {
    await trade(8);
    const [file = ''] = segments();
    const bytes = place.bytes(file);
    const starts: number[] = [];
    for await (const { byte } of folder.log().frames()) starts.push(byte);
    const [, second] = starts;
    bytes[(second ?? 0) + 40] = (bytes[(second ?? 0) + 40] ?? 0) ^ 1;
    place.put(file, bytes);
    const { damage } = await folder.log().inspect();
    await folder.log().repair({ file, byte: damage?.byte ?? 0 });
    await open();
  });
});

describe('an embedded log that is changed from outside while it is written', () => {
  const changes = {
    removed: (file: string) => place.remove(file),
    replaced: (file: string) => place.put(file, place.bytes(file)),
    cut: (file: string) => {
      const fd = place.files.open(`${place.path}/${file}`, 'r+');
      place.files.truncate(fd, HEADER_BYTES + 10);
      place.files.close(fd);
    },
  };

  it.each(Object.entries(changes))(
    'An embedded log that is changed from outside while it is written acknowledges nothing more once its segment is %s',
    async (_how, change) => {
      const harness = await ExchangeHarness.open(folder.log());
      await harness.play({ kind: 'list', listing: acme }, 'durable');
      await harness.shard.verify();
      change(segments()[0] ?? '');
      const { answer } = await harness.ask(post('alice', 'buy', 100, 1), 'durable');
      expect(answer).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
      expect(harness.shard.status().reason).toContain('removed, replaced or cut from outside');
      await harness.close();
    },
  );

  it.each(Object.entries(changes))(
    'An embedded log that is changed from outside while it is written stops by itself once its segment is %s',
    async (_how, change) => {
      const harness = await ExchangeHarness.open(folder.log());
      await harness.play({ kind: 'list', listing: acme }, 'durable');
      change(segments()[0] ?? '');
      await harness.shard.verify();
      expect(harness.shard.status()).toMatchObject({
        state: 'stopped',
        reason: expect.stringContaining('from outside'),
      });
      await harness.close();
    },
  );

  it.each(Object.entries(changes))(
    'An embedded log that is changed from outside while it is written is followed no further once its segment is %s',
    async (_how, change) => {
      const harness = await ExchangeHarness.open(folder.log());
      await harness.play({ kind: 'list', listing: acme }, 'durable');
      const stop = new AbortController();
      const following = folder.log().follow(0, stop.signal)[Symbol.asyncIterator]();
      await following.next();
      await following.next();
      const next = expect(following.next()).rejects.toThrow(LogLostError);
      change(segments()[0] ?? '');
      await harness.shard.verify();
      await harness.close();
      await next;
    },
  );

  it('An embedded log that is changed from outside while it is written notices an earlier segment that is gone', async () => {
    await trade(8, { segmentBytes: 600 });
    const harness = await ExchangeHarness.open(folder.log());
    await harness.shard.verify();
    expect(harness.shard.admission.isStopped).toBe(false);
    place.remove(segments()[0] ?? '');
    await harness.shard.verify();
    expect(harness.shard.admission.isStopped).toBe(true);
    await harness.close();
  });
});

describe('an embedded log that is opened again through the same object', () => {
  it('An embedded log that is opened again through the same object tells of the newest epoch of others, and not of those that it claimed itself, whatever their outcome', async () => {
    const log = folder.log();
    const seen: number[] = [];
    const admit = async ({ epoch }: FoundLog): Promise<void> => void seen.push(epoch);
    await (await log.open(admit)).close();
    await (await log.open(admit)).close();
    await (await folder.log().open()).close();
    await (await log.open(admit)).close();
    expect(seen).toEqual([0, 0, 3]);
  });
});
