import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { Sealer } from '../../support/log/batches.js';

describe('EventStoreDB on this machine, where the environment names a proxy', () => {
  beforeEach(() => {
    for (const name of ['http_proxy', 'https_proxy', 'grpc_proxy']) vi.stubEnv(name, 'http://127.0.0.1:9');
  });
  afterEach(() => void vi.unstubAllEnvs());

  it.each([undefined, 'example.com', '127.0.0.1,example.com'])(
    'EventStoreDB on this machine, where the environment names a proxy, is reached without it (no_proxy: %s)',
    async (hosts) => {
      vi.stubEnv('no_grpc_proxy', '');
      vi.stubEnv('no_proxy', hosts);
      const trial = await EventStoreTrial.begin();
      const writer = await trial.log().open();
      await trial.append(writer, new Sealer(), 1);
      expect(writer.head).toBe(2);
      expect(process.env.no_grpc_proxy?.split(',').sort()).toEqual(
        [...new Set([...(hosts?.split(',') ?? []), 'localhost', '127.0.0.1', '::1'])].sort(),
      );
      await writer.close();
      await trial.end();
    },
  );
});
