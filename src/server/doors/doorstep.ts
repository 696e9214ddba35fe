/**
 * Stands where a server will listen, for one that must first find what it serves. Keys, host and port are tried by it, so that nothing
 * is made for a server that could never have listened; requests that come meanwhile are answered 503.
 *
 * 1. The address is free again once it is closed. Another program may take it before the server does: that start fails after all.
 */
import { createServer } from 'node:http';
import { problem } from '../../api/problem.js';
import { problemJson, problemMediaType } from '../problem-details.js';
import { DEFAULT_HOST, DEFAULT_PORT, keysFor, type ServerOptions } from '../server.js';
import { SidePort } from './side-port.js';

const HEADERS = { 'content-type': problemMediaType, 'retry-after': '1' };
const COMING = problemJson(problem('UNAVAILABLE', 'what is to be served is being looked for; try again shortly'));

/** Rejects with OpenToOthersError, KeyFileError, or what listening throws (EADDRINUSE). */
export async function openDoorstep(address: Pick<ServerOptions, 'host' | 'port' | 'keyFile'>): Promise<SidePort> {
  await keysFor(address);
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = address;
  const server = createServer(({ url }, response) => {
    if (url === '/health/live')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"live"}');
    else response.writeHead(503, HEADERS).end(COMING);
  });
  return SidePort.open(server, { host, port });
}
