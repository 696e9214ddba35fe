import fc from 'fast-check';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { SnapshotStore } from '../../src/exchange/snapshots/snapshots.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { runs } from '../support/property/runs.js';
import { listings } from '../support/reference/arbitrary-steps.js';
import {
  expectAuditFinds,
  expectEachIsRebuiltFromItsStream,
  expectLedgerBalances,
  expectReplayGives,
} from '../support/reference/checks.js';
import { commands, listed, Model, type Real, symbols } from '../support/reference/model-commands.js';
import { ExchangeHarness } from '../support/reference/exchange-harness.js';

describe('the exchange as a model', () => {
  let folder: string;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    folder = temporaryFolder();
  });
  afterEach(() => {
    vi.useRealTimers();
    removeFolder(folder);
  });

  it('The exchange as a model answers, deals and shows what the reference does, through any snapshots, restarts, crashes and waits', async () => {
    let attempts = 0;
    const script = fc.commands(commands, { maxCommands: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(fc.tuple(...symbols.map(listings)), script, async (instruments, walk) => {
        const log = new MemoryLog();
        const snapshots = new SnapshotStore(`${folder}/${++attempts}`);
        const real: Real = { log, harness: await ExchangeHarness.open(log), snapshots };
        const model = new Model();
        for (const listing of instruments) await listed(listing).run(model, real);
        await fc.asyncModelRun(() => ({ model, real }), walk);
        await real.harness.exchange.log.flushed();
        await expectReplayGives(real.harness.market, real.log);
        await expectEachIsRebuiltFromItsStream(real.harness.market, real.log);
        await expectLedgerBalances(real.log);
        await expectAuditFinds(real.log);
        await real.harness.close();
      }),
      runs(60),
    );
  });
});
