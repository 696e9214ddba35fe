/** A real server that tests may use, and everything in it that begins with a name of their own. */
export interface TestServer {
  /** `host:port`, several parted by commas, or a connection string. */
  readonly address: string;
  /** For people: where it comes from. */
  readonly origin: string;
  /** Ends it, if it was started for the tests. */
  stop(): Promise<void>;
}

/** What stands where no server can be had: why, for whoever reads that tests were skipped. */
export interface NoServer {
  readonly missing: string;
}

/** One way to a server; NoServer where it does not exist here. */
export type WayToServer = () => Promise<TestServer | NoServer>;

/** The first of `ways` that leads to a server, or all the reasons why none does. */
export async function firstServer(ways: readonly WayToServer[]): Promise<TestServer | NoServer> {
  const reasons: string[] = [];
  for (const way of ways) {
    const found = await way().catch((error: unknown): NoServer => ({ missing: describe(error) }));
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

/** Resolves to nothing when `end` has. */
export async function ended(end: Promise<unknown>): Promise<void> {
  await end;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
