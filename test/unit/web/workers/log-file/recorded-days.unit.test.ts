import { expect, it } from 'vitest';
import { auditLog } from '../../../../../projections/audit/audit-log.js';
import { replay } from '../../../../../src/exchange/recovery/recovery.js';
import { stateDigest } from '../../../../../src/exchange/recovery/state-digest.js';
import { auditFile, replayFile } from '../../../../../src/web/workers/log-file/proofs.js';
import { describeWith } from '../../../../support/needs/suite.js';
import { playDay, recordedDays } from '../../../../support/orderflow/recorded-day.js';
import { growingLog } from '../../../projections/folding.js';
import { fileOf, linesOf, openFile, zipped } from './exported.js';

await describeWith('orderflow', 'recorded days that are exported', () => {
  it.each(recordedDays)(
    'The log of %s (%s), exported, is replayed and audited in the browser as on the server',
    async (name) => {
      const { batches } = await playDay(name);
      const { log } = await growingLog(batches);
      const content = await fileOf(linesOf(batches)).text();
      const file = await openFile(new Blob([zipped(content)]), 10_000);
      for (const at of [Math.floor(file.head / 3), file.head]) {
        const { state } = await replay(log, { until: at });
        expect((await replayFile(file, { at })).stateDigest).toBe(stateDigest(state.market));
      }
      const { shard: _shard, anchor: _anchor, ...report } = await auditFile(file, {});
      expect(report).toEqual(await auditLog(log));
    },
  );
});
