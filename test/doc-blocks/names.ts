/** What a document writes for the same reader always, and a test must have of its own: ports, a Kafka, names of topics, the machine’s name. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { freePorts } from '../../infra/kafka/local/ports.js';

/** Where documents have their Kafka and their EventStoreDB. */
const KAFKA = '127.0.0.1:9092';
const HOST = 'vm';
/** The ports that exchanges listen on in documents. */
const PORT = String.raw`70[0-9]\d`;
export const DEFAULT_PORT = '7070';
const DEFAULT_TOPIC = 'parley';

/** Translates between a document and the machine that it is run on, both ways. */
export class Names {
  private constructor(
    private readonly ports: ReadonlyMap<string, string>,
    private readonly brokers: string | undefined,
    private readonly suffix: string,
  ) {}

  /** With free ports for all that `document` names. */
  static async for(document: string, brokers?: string): Promise<Names> {
    const named = new Set([DEFAULT_PORT, ...(document.match(new RegExp(String.raw`\b${PORT}\b`, 'g')) ?? [])]);
    const free = await freePorts(named.size);
    const ports = [...named].map((port, index) => [port, String(free[index])] as const);
    return new Names(new Map(ports), brokers, `-${randomUUID().slice(0, 8)}`);
  }

  /** What stands for the port that a server has unless it is told otherwise. */
  get defaultPort(): string {
    return this.ports.get(DEFAULT_PORT) ?? DEFAULT_PORT;
  }

  /** What stands for the topic that is used where none is named. */
  get defaultTopic(): string {
    return DEFAULT_TOPIC + this.suffix;
  }

  /** A command or a program of the document, as it is run here. */
  toHere(text: string): string {
    const ports = new RegExp(String.raw`((?:127\.0\.0\.1|localhost):|-port )(${PORT})\b`, 'g');
    const here = text.replace(ports, (_, before: string, port: string) => before + (this.ports.get(port) ?? port));
    if (this.brokers === undefined) return here;
    return here.replaceAll(KAFKA, this.brokers).replace(/(--topic )([\w-]+)/g, `$1$2${this.suffix}`);
  }

  /** What was printed here, as the document has it. */
  toDocument(text: string): string {
    let shown = text;
    for (const [port, here] of this.ports) shown = shown.replace(new RegExp(String.raw`\b${here}\b`, 'g'), port);
    if (this.brokers !== undefined) shown = shown.replaceAll(this.brokers, KAFKA).replaceAll(this.suffix, '');
    return shown.replaceAll(`${os.hostname()}:`, `${HOST}:`);
  }
}
