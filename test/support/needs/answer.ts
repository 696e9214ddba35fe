/** The answer to a test that needs something of the machine: that it is there, that it is missing, or that it is there and broken. */
import { stripVTControlCharacters } from 'node:util';

const LONGEST_LINE = 200;

/** A server has an address, and comes from somewhere; whatever else is needed is there or not. */
export interface Found {
  /** `host:port`, several parted by commas, or a connection string. */
  readonly address?: string;
  /** For people: where it comes from. */
  readonly origin?: string;
}

/** In one plain line, why it is not here. Who needs it is skipped. */
export interface Missing {
  readonly missing: string;
}

/** It is here, and does not do what it is for: no reason to skip anything. */
export interface Broken {
  readonly broken: string;
}

export type Answer = Found | Missing | Broken;

/** A real server that tests may use, and everything in it that begins with a name of their own. */
export interface TestServer {
  readonly address: string;
  readonly origin: string;
  /** Ends it, if it was started for the tests. */
  stop(): Promise<void>;
}

/** One way to a server. Missing where it does not exist here; rejects where it does and leads nowhere. */
export type WayToServer = () => Promise<TestServer | Missing>;

/** One way to ask for something: what is missing, if it is, or a server, which is looked for and, where there is none, started. */
export type Ask = () => string | undefined | Promise<string | TestServer | Missing | undefined>;

/** Asks, and adds a server that was started to `started`. `required` is the name by which it was promised to be here, if it was. */
export async function answerTo(ask: Ask, started: TestServer[], required?: string): Promise<Answer> {
  try {
    const told = await ask();
    if (told === undefined) return {};
    if (typeof told === 'string' || 'missing' in told) {
      const missing = typeof told === 'string' ? told : told.missing;
      return required === undefined ? { missing } : { broken: `PARLEY_REQUIRE asks for ${required}, but: ${missing}` };
    }
    started.push(told);
    return { address: told.address, origin: told.origin };
  } catch (error) {
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The first of `ways` that leads to a server, or all the reasons why none does. A way that is broken ends the search. */
export async function firstServer(ways: readonly WayToServer[]): Promise<TestServer | Missing> {
  const reasons: string[] = [];
  for (const way of ways) {
    const found = await way();
    if (!('missing' in found)) return found;
    reasons.push(found.missing);
  }
  return { missing: reasons.join('; ') };
}

/** A server that somebody else runs and has named in the environment variable `name`. */
export function fromEnvironment(name: string): WayToServer {
  return async () => {
    const address = process.env[name] ?? '';
    if (address === '') return { missing: `${name} is not set` };
    return { address, origin: name, stop: async () => undefined };
  };
}

/** The first line of what something said, without colours, and not too long for a line of a summary. */
export function plainLine(text: string): string {
  const [line = ''] = stripVTControlCharacters(text).trim().split('\n');
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}
