/** What a test that needs something of the machine is told: that it is there, that it is missing, or that it is there and broken. */
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
