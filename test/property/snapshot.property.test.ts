import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replay } from '../../src/exchange/recovery/recovery.js';
import { SnapshotStore } from '../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../src/exchange/recovery/state-digest.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { sessions } from '../support/reference/arbitrary-steps.js';
import { negotiatorsOf } from '../support/reference/checks.js';
import { playSession } from '../support/reference/play-session.js';
import { runs } from '../support/property/runs.js';

describe('a snapshot of any session, made after any batch', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A snapshot of any session, made after any batch, with the rest of the log gives what a replay of the whole gives', async () => {
    await fc.assert(
      fc.asyncProperty(sessions(80), fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), async (session, picks) => {
        const { log } = await playSession(session);
        const whole = (await replay(log)).state;
        const folder = temporaryFolder();
        const snapshots = new SnapshotStore(folder);
        for (const pick of picks) await snapshots.make(log.truncateTo(log.ends[pick % log.ends.length] ?? 0));
        const { state, events } = await replay(log, { snapshots });
        removeFolder(folder);
        expect(events).toBeLessThan(await log.head());
        expect(stateDigest(state.market)).toBe(stateDigest(whole.market));
        expect(negotiatorsOf(state.market)).toEqual(negotiatorsOf(whole.market));
        expect(state.digest).toEqual(whole.digest);
        expect(state.clientIds.size).toBe(whole.clientIds.size);
      }),
      runs(40),
    );
  });
});
