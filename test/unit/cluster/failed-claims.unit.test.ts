/** What happens to an exchange that stands alone, on a log in a folder, when it claims that log again and cannot. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SoloExchange } from '../../../src/cluster/solo-exchange.js';
import { isFinalAlone } from '../../../src/app/serving/final.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import type { Evidence } from '../../../src/log/port.js';
import { VirtualTime } from '../../support/time/virtual-time.js';
import { EmbeddedFolder } from '../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../support/disk/memory-folder.js';
import { fail, SimulatedFiles } from '../../support/disk/simulated-files.js';

const LONGEST_PAUSE_MS = 30_000;
const acme = { symbol: 'ACME', tickSize: '1', lotSize: '1' } as const;
const bid = (clientIntentionId: string) =>
  ({ clientIntentionId, participant: 'alice', instrument: 'ACME', side: 'buy', price: '10', quantity: '1' }) as const;

let place: MemoryFolder;
let folder: EmbeddedFolder;
let time: VirtualTime;
let finals: string[];
let exchange: SoloExchange;
/** While set, nothing can be synced, or no segment be made. */
let trouble: 'sync' | 'segment' | undefined;

class FullDisk extends SimulatedFiles {
  override open(file: string, flags: string): number {
    const isSegment = /\.log(\.tmp)?$/.test(file) && flags.startsWith('w');
    return trouble === 'segment' && isSegment ? fail('ENOSPC', 'no room') : super.open(file, flags);
  }

  override dataSyncNow(fd: number): void {
    if (trouble === 'sync') fail('ENOSPC', 'no room');
    super.dataSyncNow(fd);
  }
}

beforeEach(async () => {
  place = new MemoryFolder();
  folder = new EmbeddedFolder(place);
  time = new VirtualTime();
  finals = [];
  trouble = undefined;
  const log = folder.log({ sync: 'inline', files: new FullDisk(place.disk, place.files.folders) });
  let known: { evidence: Evidence; epoch: number } | undefined;
  exchange = new SoloExchange({
    ...{ shard: 0, logger: silentLogger, isFinal: isFinalAlone, scheduler: time.scheduler, now: time.now },
    onFinal: (reason) => finals.push(reason),
    openShard: async () => {
      const opened = await Exchange.open(log, {
        evidence: async () => (known === undefined ? [] : [known.evidence]),
        lastEpoch: known?.epoch,
      });
      opened.log.onStopped(() => (known = { evidence: opened.log.evidence, epoch: opened.log.writerEpoch }));
      return opened;
    },
  });
  await exchange.open();
  await exchange.list(acme);
  await exchange.post(bid('a'));
});

afterEach(async () => {
  await exchange.close();
  folder.dispose();
});

/** The disk fails an append; then what is wrong is this. */
async function stop(then: typeof trouble): Promise<void> {
  trouble = 'sync';
  await expect(exchange.post(bid('b'))).resolves.toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
  trouble = then;
}

const state = () => exchange.shards()[0];

async function untilServing(): Promise<void> {
  await time.pass(LONGEST_PAUSE_MS);
  await expect.poll(() => state()?.state).toBe('serving');
  await expect(exchange.post(bid('a'))).resolves.toMatchObject({ ok: true, id: '1' });
}

describe('an exchange that claims its log again in vain', () => {
  it('An exchange that claims its log again in vain comes back once it can make a segment, and takes none of its own claims for another process’s', async () => {
    await stop('segment');
    await time.pass(4 * LONGEST_PAUSE_MS);
    expect(state()).toMatchObject({ state: 'stopped', reason: 'ENOSPC: no room' });
    expect(place.names.filter((name) => name.startsWith('writer-')).length).toBeGreaterThan(2);
    trouble = undefined;
    await untilServing();
    expect(finals).toEqual([]);
  });

  it('An exchange that claims its log again in vain stays stopped where another process has claimed it meanwhile, and says so once', async () => {
    await stop('sync');
    await time.standStill();
    const other = await Exchange.open(folder.log());
    trouble = undefined;
    await time.pass(4 * LONGEST_PAUSE_MS);
    expect(finals).toEqual([expect.stringContaining('it is locked')]);
    await other.close();
    await time.pass(4 * LONGEST_PAUSE_MS);
    expect(finals).toHaveLength(1);
    expect(state()).toMatchObject({ state: 'stopped' });
  });

  it('An exchange that claims its log again in vain stays stopped where another process has claimed it and is gone again', async () => {
    await stop('sync');
    await time.standStill();
    await (await Exchange.open(folder.log())).close();
    trouble = undefined;
    await time.pass(4 * LONGEST_PAUSE_MS);
    expect(finals).toEqual([
      "shard 0: epoch 2 has been opened since this process wrote under epoch 1: it is another process's now",
    ]);
  });

  it('An exchange that claims its log again in vain comes back where it was only locked meanwhile, by who has claimed nothing', async () => {
    await stop('sync');
    await time.standStill();
    const lock = await place.host.lock(folder.path);
    trouble = undefined;
    await time.pass(4 * LONGEST_PAUSE_MS);
    expect(state()).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('locked, and nobody has claimed it since epoch 1') as string,
    });
    expect(finals).toEqual([]);
    await lock.release();
    await untilServing();
  });
});
