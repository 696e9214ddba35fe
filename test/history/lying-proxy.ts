/** Stands between clients and server, and passes on what each says, except where its mutant makes it lie. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Json, Reply } from './checker/history.js';
import type { Liar } from './mutants.js';
import type { WireRequest } from './clients/requests.js';

export class LyingProxy {
  /** How often it lied. */
  lies = 0;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  private readonly server = http.createServer((asked, answering) => void this.handle(asked, answering));

  private constructor(
    private readonly target: string,
    private readonly liar: Liar,
  ) {}

  /** One before each of them, with one liar in all. */
  static before(targets: readonly string[], liar: Liar): Promise<readonly LyingProxy[]> {
    return Promise.all(targets.map((target) => LyingProxy.start(target, liar)));
  }

  private static async start(target: string, liar: Liar): Promise<LyingProxy> {
    const proxy = new LyingProxy(target, liar);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo; // it listens on a port
    return `http://127.0.0.1:${port}`;
  }

  end(): void {
    this.agent.destroy();
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(asked: http.IncomingMessage, answering: http.ServerResponse): Promise<void> {
    const text = await bodyOf(asked).catch(() => undefined);
    if (text === undefined) return;
    const body = text === '' ? undefined : (JSON.parse(text) as object); // clients of this rig send objects
    const method = asked.method as WireRequest['method']; // and these methods alone
    const request = { method, path: asked.url ?? '', ...(body !== undefined && { body }) };
    const instead = this.liar.instead?.(request);
    if (instead === undefined) this.passOn(asked, answering, request, text);
    else this.lie(answering, instead);
  }

  private passOn(
    asked: http.IncomingMessage,
    answering: http.ServerResponse,
    request: WireRequest,
    text: string,
  ): void {
    const { method, headers } = asked;
    const passed = http.request(`${this.target}${request.path}`, { method, headers, agent: this.agent });
    answering.once('close', () => passed.destroy());
    passed.once('error', () => answering.destroy()).end(text);
    passed.once('response', (response) => {
      response.once('error', () => answering.destroy());
      if (request.path.startsWith('/v1/events')) {
        answering.writeHead(response.statusCode ?? 0, response.headers);
        response.pipe(answering);
        return;
      }
      bodyOf(response).then(
        (said) => this.answer(answering, request, response, said),
        () => answering.destroy(),
      );
    });
  }

  private answer(
    answering: http.ServerResponse,
    request: WireRequest,
    response: http.IncomingMessage,
    said: string,
  ): void {
    const status = response.statusCode ?? 0;
    const truth = { status, body: JSON.parse(said) as Json }; // the API answers with objects
    const lie = this.liar.distort?.(request, truth);
    if (lie !== undefined && !isDeepStrictEqual(lie, truth)) this.lie(answering, lie);
    else answering.writeHead(status, response.headers).end(said);
  }

  private lie(answering: http.ServerResponse, { status, body }: Reply): void {
    this.lies++;
    answering.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

async function bodyOf(message: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of message.setEncoding('utf8')) text += String(part);
  if (!message.complete) throw new Error('cut short');
  return text;
}
