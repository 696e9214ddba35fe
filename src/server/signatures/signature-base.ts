/** What is signed of a request: its signature base (RFC 9421, 2.5). */
import type { IncomingHttpHeaders } from 'node:http';
import { type InnerList, serializeInnerList } from 'structured-headers';

/** A request, as far as it can be signed. */
export interface SignedMessage {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** A body comes with it, which is then to be held against its Content-Digest. */
  readonly hasBody: boolean;
}

/** Who ends TLS before the server decides which it was, and says so nowhere that could be trusted. */
export const schemes = ['http', 'https'] as const;
export type Scheme = (typeof schemes)[number];

const defaultPort: Readonly<Record<Scheme, string>> = { http: ':80', https: ':443' };

type Derive = (message: SignedMessage, scheme: Scheme) => string;

/** Components that are derived from the request (RFC 9421, 2.2). */
const derived: ReadonlyMap<string, Derive> = new Map<string, Derive>([
  ['@method', ({ method }) => method],
  ['@authority', authorityOf],
  ['@scheme', (_message, scheme) => scheme],
  ['@target-uri', (message, scheme) => `${scheme}://${authorityOf(message, scheme)}${message.target}`],
  ['@request-target', ({ target }) => target],
  ['@path', ({ target }) => target.split('?', 1)[0] ?? ''],
  ['@query', ({ target }) => (target.includes('?') ? target.slice(target.indexOf('?')) : '?')],
]);

function authorityOf({ headers: { host = '' } }: SignedMessage, scheme: Scheme): string {
  const authority = host.toLowerCase();
  const port = defaultPort[scheme];
  return authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
}

/** Why a component of this name cannot be verified; undefined where it can. */
export function whyNotComponent(name: string, { headers }: SignedMessage): string | undefined {
  if (name.startsWith('@')) return derived.has(name) ? undefined : `${name} is not supported`;
  if (name !== name.toLowerCase()) return `${JSON.stringify(name)} is to be in small letters`;
  return headers[name] === undefined ? `the field ${JSON.stringify(name)} is covered, and did not come` : undefined;
}

/** Of components that can all be verified. `input` is the member of Signature-Input: what is covered, with its parameters. */
export function signatureBase(message: SignedMessage, scheme: Scheme, input: InnerList): string {
  const lines = input[0].map(([name]) => `"${String(name)}": ${valueOf(message, scheme, String(name))}`);
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join('\n');
}

function valueOf(message: SignedMessage, scheme: Scheme, name: string): string {
  const derive = derived.get(name);
  return derive === undefined ? [message.headers[name]].flat().join(', ').trim() : derive(message, scheme);
}
