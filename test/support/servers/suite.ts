import { describe, inject, it } from 'vitest';
import type { ServerKind } from './global-setup.js';
import type { NoServer, TestServer } from './test-server.js';

export type SharedServer = Pick<TestServer, 'address' | 'origin'>;

/**
 * Like vitest's describe, for tests that need a real server: the one that the whole run shares. Await it at the top of a file; the
 * first file that asks for a kind waits until its server has started. Without a server: as describeUnless has it.
 */
export async function describeWithServer(
  kind: ServerKind,
  name: string,
  body: (server: SharedServer) => void,
): Promise<void> {
  const response = await fetch(`${inject('testServers')}/${kind}`);
  const server = (await response.json()) as SharedServer | NoServer; // what global-setup.ts answers
  if ('missing' in server) describeUnless(server.missing, kind, name, () => undefined);
  else describeUnless(undefined, kind, name, () => body(server));
}

/**
 * Like vitest's describe. With a reason in `missing`, the suite is one test that is skipped and gives the reason, or that fails
 * where PARLEY_REQUIRE_KAFKA (or whatever the kind is) is set: there a server was promised.
 */
export function describeUnless(missing: string | undefined, kind: ServerKind, name: string, body: () => void): void {
  describe(name, () => {
    if (missing === undefined) {
      body();
      return;
    }
    it(`has what it needs of ${kind}`, ({ skip }) => {
      requireNothing(kind, missing, process.env);
      skip(missing);
    });
  });
}

/** Throws where the environment says that servers of this kind must be there. */
export function requireNothing(kind: ServerKind, missing: string, environment: NodeJS.ProcessEnv): void {
  const requirement = `PARLEY_REQUIRE_${kind.toUpperCase()}`;
  if ((environment[requirement] ?? '') !== '') throw new Error(`${requirement} is set, but: ${missing}`);
}
