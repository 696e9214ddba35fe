/** A way for programs of their own to a server, which lies about fills in own streams: to show that it is found. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Fault, makeLiar, partialFills } from '../reconcile/lying-fetch.js';

/** Of one connection alone. */
const NOT_PASSED_ON = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

export interface LyingProxy {
  readonly url: string;
  readonly lies: () => number;
}

/** It ends with this process. */
export async function startLyingProxy(url: string, fault: Fault): Promise<LyingProxy> {
  const liar = makeLiar(fault, partialFills);
  const server = http.createServer((request, response) => {
    // The server is away, or the program has gone: the connection breaks, as it would without this.
    passOn(request, response).catch(() => response.destroy());
  });
  const passOn = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const body = method === 'GET' ? null : await buffer(request);
    const passed = Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name));
    const texts = passed.map(([name, value]) => [name, String(value)] as const);
    const answer = await liar.fetch(`${url}${request.url}`, { method, headers: Object.fromEntries(texts), body });
    for (const [name, value] of answer.headers) if (!NOT_PASSED_ON.has(name)) response.setHeader(name, value);
    response.writeHead(answer.status);
    if (answer.body === null) response.end();
    else await pipeline(Readable.fromWeb(answer.body), response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, lies: liar.lies };
}
