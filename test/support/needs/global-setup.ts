/**
 * Asks, for all files of a run, for what tests need of the machine, and shares one real server of each kind among them.
 *
 * 1. A thing is asked for once a run, when the first file wants to know, and before that file's tests: a run without such files asks
 *    for nothing and starts nothing.
 * 2. What PARLEY_REQUIRE names and is missing is broken.
 * 3. Files run in processes of their own and ask over HTTP on loopback; the address is provided to them as `needs`.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type Answer, answerTo, type TestServer } from './answer.js';
import { isNeed, type Need, NEEDS, requiredNeeds } from './table.js';

declare module 'vitest' {
  interface ProvidedContext {
    needs: string;
  }
}

export default async function answerNeeds(project: TestProject): Promise<() => Promise<void>> {
  const required = requiredNeeds(process.env.PARLEY_REQUIRE);
  const started: TestServer[] = [];
  const answers = new Map<Need, Promise<Answer>>();
  const server = http.createServer((request, response) => {
    const need = (request.url ?? '/').slice(1);
    if (!isNeed(need)) {
      response.writeHead(404).end();
      return;
    }
    const answer = answers.get(need) ?? answerTo(NEEDS[need], started, required.has(need) ? need : undefined);
    answers.set(need, answer);
    // Who asks again asks on another connection: one that is kept would be closed some time, maybe just as it is used.
    void answer.then((given) => response.setHeader('connection', 'close').end(JSON.stringify(given)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  project.provide('needs', `http://127.0.0.1:${port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all(answers.values());
    await Promise.all(started.map((each) => each.stop()));
  };
}
