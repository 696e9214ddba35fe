import { once } from 'node:events';
import http from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, inject, it, type TestContext } from 'vitest';
import type { Answer, Found } from './answer.js';
import type { Need } from './table.js';

/** The answer that the whole run is given. The first who asks waits for a server until it has started. */
export async function ask(need: Need): Promise<Answer> {
  // Not by fetch, which gives up after five minutes: an image that is built on a busy machine takes longer.
  const [response] = (await once(http.get(`${inject('needs')}/${need}`), 'response')) as [http.IncomingMessage];
  return (await json(response)) as Answer; // what global-setup.ts answers
}

/** A server's address, for the suites that get one. */
export type SharedServer = Required<Found>;

/**
 * Like vitest's describe, for tests that need something of the machine. Await it at the top of a file. Where something is missing the
 * suite is one test, which is skipped and says why; where something is broken it is one that fails.
 */
export async function describeWith(needs: Need | readonly Need[], name: string, body: () => void): Promise<void> {
  for (const need of typeof needs === 'string' ? [needs] : needs) {
    const answer = await ask(need);
    if (isThere(answer)) continue;
    describe(name, () => {
      it(`The machine has what the suite needs: ${need}`, (context) => orSkip(context, answer));
    });
    return;
  }
  describe(name, body);
}

/** Likewise, for tests that need a server: the one that the whole run shares. */
export async function describeWithServer(
  kind: 'kafka' | 'eventstoredb' | 'kurrentdb',
  name: string,
  body: (server: SharedServer) => void,
): Promise<void> {
  const { address = '', origin = '' } = (await ask(kind)) as Found; // describeWith has skipped or failed the suite unless it was found
  await describeWith(kind, name, () => body({ address, origin }));
}

/** Ends a test that needs something which is not there: skipped, with the reason, or failed. */
export async function skipWithout(context: TestContext, need: Need): Promise<void> {
  orSkip(context, await ask(need));
}

function orSkip(context: TestContext, answer: Answer): void {
  if ('missing' in answer) context.skip(answer.missing);
  if ('broken' in answer) throw new Error(answer.broken);
}

function isThere(answer: Answer): answer is Found {
  return !('missing' in answer || 'broken' in answer);
}
