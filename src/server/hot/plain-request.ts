/**
 * Which requests the hot route takes, and how they are told from all others: a post of one intention, as programs send it.
 *
 * 1. Only what has one meaning to everybody who reads HTTP is plain: the very request line, one Host, one length in digits, visible ASCII in
 *    fields, none of them twice. What is not, whether it is wrong or merely rare, is for Node’s parser and Fastify.
 * 2. A field that the server, Fastify or Node would obey is not plain, but for those that are read here.
 */

/** Of a request, what its answer depends on beside its body. */
export interface PlainHead {
  readonly host: string;
  readonly authorization: string | undefined;
  readonly bodyBytes: number;
}

export interface PlainRequest {
  readonly head: PlainHead;
  /** Undefined while it is not whole. */
  readonly body: string | undefined;
  /** Of head and body together. */
  readonly bytes: number;
}

const REQUEST_LINE = 'POST /v1/intentions HTTP/1.1\r\n';
const lineBytes = Buffer.from(REQUEST_LINE, 'latin1');
const HEAD_END = '\r\n\r\n';
/** Longer ones are not plain. */
const MOST_HEAD_BYTES = 4_096;
const MOST_BODY_BYTES = 65_536;
/** A client sends heads that differ in their length alone. */
const MOST_KNOWN = 8;

/** Reads the requests of one connection. */
export class PlainRequests {
  /** By their text; undefined for one that is not plain. */
  readonly #known = new Map<string, PlainHead | undefined>();

  /** The request that the bytes begin with: `partial` where its head may be plain and is not whole yet, `other` where it is not plain. */
  read(bytes: Buffer): PlainRequest | 'partial' | 'other' {
    const line = Math.min(bytes.length, lineBytes.length);
    if (bytes.compare(lineBytes, 0, line, 0, line) !== 0) return 'other';
    const end = bytes.indexOf(HEAD_END, 0, 'latin1');
    if (end > MOST_HEAD_BYTES || (end === -1 && bytes.length > MOST_HEAD_BYTES)) return 'other';
    if (end === -1) return 'partial';
    const head = this.#headOf(bytes.toString('latin1', REQUEST_LINE.length, end));
    if (head === undefined) return 'other';
    const start = end + HEAD_END.length;
    const after = start + head.bodyBytes;
    if (bytes.length < after) return { head, body: undefined, bytes: after };
    const body = bytes.toString('utf8', start, after);
    // Fastify measures what it has decoded, so bytes that are no UTF-8 are refused for their length.
    return body.includes('\ufffd') ? 'other' : { head, body, bytes: after };
  }

  #headOf(text: string): PlainHead | undefined {
    const known = this.#known.get(text);
    if (known !== undefined || this.#known.has(text)) return known;
    const head = plainHeadOf(text);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(text, head);
    return head;
  }
}

/** Fields that say how a request is to be read or answered, and that are not read here. */
const obeyed: ReadonlySet<string> = new Set([
  ...['transfer-encoding', 'content-encoding', 'te', 'trailer', 'expect', 'upgrade', 'http2-settings'],
  ...['proxy-connection', 'keep-alive', 'origin', 'sec-fetch-site', 'signature', 'signature-input', 'content-digest'],
]);

const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~]*)$/;

function plainHeadOf(text: string): PlainHead | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const lower = name.toLowerCase();
    if (fields.has(lower) || obeyed.has(lower)) return undefined;
    fields.set(lower, value.trimEnd());
  }
  const host = fields.get('host');
  const length = fields.get('content-length') ?? '';
  const bodyBytes = /^[1-9]\d{0,4}$/.test(length) ? Number(length) : Infinity;
  const isJson = /^application\/json(?:; ?charset=utf-8)?$/i.test(fields.get('content-type') ?? '');
  const staysOpen = (fields.get('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive';
  if (host === undefined || !isJson || !staysOpen || bodyBytes > MOST_BODY_BYTES) return undefined;
  return { host, authorization: fields.get('authorization'), bodyBytes };
}
