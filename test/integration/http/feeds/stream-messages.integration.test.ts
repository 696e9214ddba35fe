import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openFeed } from '../../../support/http/feed.js';
import { serverOfLog } from '../../../support/http/growing-server.js';
import { type OpenApiDocument, operationsOf, type Schema } from '../../../support/http/openapi/openapi-document.js';
import { type Check, schemaCompiler } from '../../../support/http/openapi/schema-check.js';
import { nameOf } from '../../../support/http/sockets/message-judge.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import type { MemoryLog } from '../../../support/log/memory-log.js';
import { PATIENCE_MS } from '../../../support/patience.js';
import { growingLog } from '../../../unit/projections/folding.js';

const SYMBOLS = ['S0', 'S1', 'S2'];
/** So many batches become durable together. */
const STRETCH = 40;
/** Only where there are several. */
const NEVER = 'shard';

type Message = Readonly<Record<string, unknown>>;

/** What the document names of one message: its type, and its fields. */
interface Named {
  readonly schema: Schema;
  readonly check: Check;
  readonly fieldsSeen: Set<string>;
  seen: number;
}

/** Everything that a document says that streams send, and what of it has been sent. */
class DocumentedMessages {
  private constructor(private readonly named: ReadonlyMap<string, Named>) {}

  /** Of all messages that the server may tell by the document that it shows, but for some. */
  static async of(url: string, but: readonly string[]): Promise<DocumentedMessages> {
    const document = (await (await fetch(`${url}/asyncapi.json`)).json()) as {
      readonly operations: { readonly tell: { readonly messages: readonly { readonly $ref: string }[] } };
      readonly components: {
        readonly messages: Readonly<Record<string, { readonly payload: Schema }>>;
        readonly schemas: Readonly<Record<string, object>>;
      };
    }; // another test holds it against the schema of AsyncAPI
    const { tell } = document.operations;
    const { messages, schemas } = document.components;
    const compile = await schemaCompiler(schemas);
    const names = tell.messages.map(({ $ref }) => $ref.split('/').at(-1) ?? '');
    const named = names.flatMap((name): [string, Named][] => {
      const { payload = {} } = messages[name] ?? {};
      return but.includes(name)
        ? []
        : [[name, { schema: payload, check: compile(payload), fieldsSeen: new Set(), seen: 0 }]];
    });
    return new DocumentedMessages(new Map(named));
  }

  judge(message: Message): void {
    const name = nameOf(message);
    const named = this.named.get(name);
    if (named === undefined) throw new Error(`${name} is not documented`);
    const wrong = named.check(message);
    if (wrong !== '') throw new Error(`${name}: ${wrong} in ${JSON.stringify(message)}`);
    named.seen++;
    for (const field of Object.keys(message)) named.fieldsSeen.add(field);
  }

  /** How many of this name have been sent. */
  count(name: string): number {
    return this.named.get(name)?.seen ?? 0;
  }

  /** What it names and nobody was sent yet. */
  missing(): string[] {
    return [...this.named].flatMap(([name, { schema, fieldsSeen, seen }]) => {
      if (seen === 0) return [name];
      const fields = Object.keys(schema.properties ?? {}).filter((field) => field !== NEVER && !fieldsSeen.has(field));
      return fields.map((field) => `${field} of ${name}`);
    });
  }
}

/** A busy day of three instruments: deals, declines, crashes, auctions, changes, limits and switches. */
function busyDay(): History {
  const history = new History();
  new NaiveMarket(history, 4, { crash: 0.01, decline: 0.1, auction: 0.02, risk: 0.06 }).run(3_000);
  // Its auctions are over within a batch; this one’s call phase is not.
  history.seal();
  history.phase(2, 'call');
  history.events.forEach((event, index) => {
    // The naive market’s switches lapse sooner than any may.
    if (event.type === 'SwitchSet') history.events[index] = { ...event, withinMs: 1_000 * event.withinMs };
  });
  return history;
}

/** A server of the day’s beginning, the rest of the day, and what ends its log. */
async function dayServed() {
  const history = busyDay();
  const atMs = history.events.reduce((latest, event) => ('atMs' in event ? event.atMs : latest), 0);
  // Tickers are of the day before now.
  vi.spyOn(Date, 'now').mockReturnValue(atMs);
  onTestFinished(() => void vi.restoreAllMocks());
  const batches = history.batches();
  const { log, append } = await growingLog(batches.slice(0, STRETCH));
  const end = endable(log);
  const { url } = await serverOfLog(log);
  const rest = batches.slice(STRETCH);
  const goOn = async (): Promise<void> => append(rest.splice(0, STRETCH));
  return { url, goOn, end };
}

/** Makes a log one that comes to an end, as no log does. */
function endable(log: MemoryLog): () => void {
  const ending = new AbortController();
  const follow = log.follow.bind(log);
  log.follow = (from, signal) => follow(from, AbortSignal.any([signal, ending.signal]));
  return () => ending.abort();
}

const paths = [
  ...SYMBOLS.flatMap((symbol) => [`book/${symbol}/stream`, `book/${symbol}/stream?rate=100ms`]),
  ...SYMBOLS.flatMap((symbol) => [`trades/${symbol}/stream?from=0`, `ticker/${symbol}/stream`]),
  'own/stream?from=0',
  'own/stream?participant=alice&from=0',
];

const wishes = [
  ...SYMBOLS.flatMap((instrument) => [
    { channel: 'book', instrument, rate: instrument === 'S0' ? '100ms' : 'batch' },
    { channel: 'trades', instrument, from: 0 },
    { channel: 'ticker', instrument },
  ]),
  { channel: 'own', from: 0 },
  { channel: 'own', participant: 'alice', from: 0 },
  { channel: 'events', from: 0 },
  { channel: 'events', stream: 'intention-1', from: 0 },
];

/** Goes on with the day until all has been sent that there is. */
async function untilAllSent(messages: DocumentedMessages, goOn: () => Promise<void>, but: readonly string[] = []) {
  const left = async (): Promise<readonly string[]> => {
    await goOn();
    return messages.missing().filter((name) => !but.includes(name));
  };
  await expect.poll(left, { timeout: PATIENCE_MS, interval: 50 }).toEqual([]);
}

describe('the messages of streams', () => {
  it('Every message that streams send as server-sent events is as the documents have it, and there is none of which they speak that is not sent', async () => {
    const { url, goOn, end } = await dayServed();
    const messages = await DocumentedMessages.of(url, ['ended', 'events.event']);
    const openApi = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument; // a test holds it against OpenAPI’s own schema
    const problem = (await schemaCompiler(openApi.components.schemas))({ $ref: '#/components/schemas/Problem' });
    const sent = new Map<string, Set<string>>();
    const ends: unknown[] = [];
    const read = async (path: string): Promise<void> => {
      const feed = await openFeed(`${url}/v1/${path}`);
      for (;;) {
        const [next] = await feed.take(1);
        if (next === undefined) return;
        const { event = '', id, data } = next;
        if (event === 'error') {
          ends.push([problem(data), data.code]);
          return;
        }
        messages.judge(data);
        expect([event, id]).toEqual([data.type, String(Number(data.position) - Number(event === 'upTo'))]);
        const channel = String(data.channel);
        sent.set(channel, (sent.get(channel) ?? new Set()).add(event));
      }
    };
    const reading = Promise.all(paths.map(read));
    await expect.poll(() => messages.count('book.snapshot')).toBe(2 * SYMBOLS.length);
    await Promise.race([untilAllSent(messages, goOn), reading]);
    for (const { path, responses } of operationsOf(openApi)) {
      const channel = /^\/v1\/(book|trades|ticker|own)\/.*stream$/.exec(path)?.[1];
      if (channel === undefined) continue;
      const { description = '' } = (responses[200]?.content['text/event-stream']?.schema ?? {}) as {
        description?: string;
      };
      const types = /`event` is the type \(([^)]*)\)/.exec(description)?.[1]?.split(', ');
      expect([path, types]).toEqual([path, [...(sent.get(channel) ?? [])].sort(inOrderOf(types))]);
    }
    end();
    await reading;
    expect(ends).toEqual(paths.map(() => ['', 'UNAVAILABLE']));
  });

  it('Every message that streams send over a WebSocket is as the AsyncAPI document has it, and there is none of which it speaks that is not sent', async () => {
    const { url, goOn, end } = await dayServed();
    const messages = await DocumentedMessages.of(url, []);
    const program = await SocketProgram.open(url);
    let ended = 0;
    program.ws.on('message', (bytes: Buffer) => {
      const message = JSON.parse(bytes.toString()) as Message; // every message of the server is an object
      if (!('channel' in message)) return;
      messages.judge(message);
      if (message.type === 'ended') ended++;
    });
    wishes.forEach((subscribe, id) => program.send({ id, subscribe }));
    await expect.poll(() => messages.count('book.snapshot')).toBe(SYMBOLS.length);
    await untilAllSent(messages, goOn, ['ended']);
    end();
    await expect.poll(() => ended).toBe(wishes.length);
    expect(messages.missing()).toEqual([]);
  });
});

function inOrderOf(types: readonly string[] = []): (one: string, other: string) => number {
  return (one, other) => types.indexOf(one) - types.indexOf(other);
}
