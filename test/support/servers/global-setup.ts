/**
 * One real server of each kind for a whole run of the tests, shared by all files and stopped at the end.
 *
 * 1. A server is looked for when the first file asks for it: a run without such files starts nothing.
 * 2. Files run in processes of their own and ask over HTTP on loopback; the address is provided to them as `testServers`.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findEventStoreDb } from './eventstoredb.js';
import { findKafka } from './kafka.js';
import type { NoServer, TestServer } from './test-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    testServers: string;
  }
}

/** How a server of each kind is found. */
const WAYS = {
  kafka: findKafka,
  eventstoredb: () => findEventStoreDb('eventstoredb'),
  kurrentdb: () => findEventStoreDb('kurrentdb'),
};

export type ServerKind = keyof typeof WAYS;

export default async function shareServers(project: TestProject): Promise<() => Promise<void>> {
  const found = new Map<ServerKind, Promise<TestServer | NoServer>>();
  const desk = http.createServer((request, response) => {
    const kind = (request.url ?? '/').slice(1);
    if (!isKind(kind)) {
      response.writeHead(404).end();
      return;
    }
    const server = found.get(kind) ?? WAYS[kind]();
    found.set(kind, server);
    void server.then((answer) => response.end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const { port } = desk.address() as AddressInfo; // it listens on TCP
  project.provide('testServers', `http://127.0.0.1:${port}`);
  return async () => {
    desk.close();
    desk.closeAllConnections();
    await Promise.all([...found.values()].map(async (server) => stop(await server)));
  };
}

async function stop(server: TestServer | NoServer): Promise<void> {
  if (!('missing' in server)) await server.stop();
}

function isKind(kind: string): kind is ServerKind {
  return Object.hasOwn(WAYS, kind);
}
