/**
 * How members show each other that they know the secret of the cluster without sending it: where the members’ topic names an address,
 * somebody else may listen.
 *
 * 1. A proof is of one request: method, path, the address it is for, time, its number among those of its sender, and the body. One that
 *    differs in a bit of any of these is none.
 * 2. A request is taken in once: not again, not after a later one of the same sender, not `WINDOW_MS` away from the time it says, and not
 *    when that lies before the start of this process, which knows of no request from before.
 * 3. The proof of an answer is of that answer to that request. It is given for what was taken in and for nothing else: a second sending
 *    gets none, so no answer that is proved says that something was not done which the first had done.
 */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

export const PROOF_HEADER = 'x-parley-cluster-proof';
/** How far the clocks of two members may be apart, the way between them included. */
export const WINDOW_MS = 60_000;

const SENDER_BYTES = 16;
const FORM = /^1 (\d{1,15}) ([0-9a-f]{32}) (\d{1,15}) ([0-9a-f]{64}) ([0-9a-f]{64})$/;
/** From as early as a request is taken in to as late. */
const SPAN_MS = 2 * WINDOW_MS;
const NOT_PROVED = 'this is for members of the cluster, which have its key';

/** Where a request goes. `to`: the address of the member as the members’ topic names it. */
export interface Target {
  readonly method: string;
  readonly path: string;
  readonly to: string;
}

/** A request whose sender knows the secret. Its body is still to be held against `bodySha256`. */
export interface Admitted {
  readonly bodySha256: string;
  /** Names the request in the proof of its answer. */
  readonly mac: string;
}

/** One way to another member, on which one request follows the other. */
export class MemberProver {
  private readonly sender = randomBytes(SENDER_BYTES).toString('hex');
  private sent = 0;

  constructor(private readonly key: string) {}

  /** The value of the header for a request, and what the proof of its answer will refer to. */
  prove(target: Target, body: Uint8Array, nowMs = Date.now()): { readonly header: string; readonly mac: string } {
    const fields = [String(nowMs), this.sender, String(++this.sent), sha256(body)];
    const mac = macOfRequest(this.key, target, fields);
    return { header: `1 ${fields.join(' ')} ${mac}`, mac };
  }

  /** Whether an answer is the one that a member gave to the request. `proof` is the value of its header. */
  isAnswer(mac: string, status: number, body: Uint8Array, proof: unknown): boolean {
    return typeof proof === 'string' && isEqual(proof, proofOfAnswer(this.key, mac, status, body));
  }
}

interface Sender {
  /** The number of the last request that was taken in, and when that was. */
  readonly last: number;
  readonly seenMs: number;
}

export class MemberDoor {
  private readonly senders = new Map<string, Sender>();

  constructor(
    private readonly key: string,
    private readonly startedMs = Date.now(),
  ) {}

  /** Lets a request in, by the value of its header; or says why not. */
  admit(header: unknown, target: Target, nowMs = Date.now()): Admitted | string {
    const [, ...parts] = (typeof header === 'string' ? FORM.exec(header) : null) ?? [];
    const [time, sender, number, bodySha256, mac] = parts;
    if (sender === undefined || bodySha256 === undefined || mac === undefined) return NOT_PROVED;
    if (!isEqual(mac, macOfRequest(this.key, target, parts.slice(0, -1)))) return NOT_PROVED;
    const sentMs = Number(time);
    if (Math.abs(nowMs - sentMs) > WINDOW_MS) {
      return `its sender’s clock is ${Math.abs(nowMs - sentMs)} ms away from this one: ${WINDOW_MS} are let pass`;
    }
    if (sentMs < this.startedMs) return 'it was sent before this process was started';
    if (!this.isNext(sender, Number(number), nowMs)) return 'it, or a later one, has been taken already';
    return { bodySha256, mac };
  }

  /** The value of the header for the answer to a request that was let in. */
  proveAnswer({ mac }: Admitted, status: number, body: Uint8Array): string {
    return proofOfAnswer(this.key, mac, status, body);
  }

  private isNext(sender: string, number: number, nowMs: number): boolean {
    const known = this.senders.get(sender);
    if (known !== undefined && number <= known.last) return false;
    if (known === undefined) this.forgetSilent(nowMs);
    this.senders.set(sender, { last: number, seenMs: nowMs });
    return true;
  }

  /** Those of whom no earlier request would still be taken in for its time. */
  private forgetSilent(nowMs: number): void {
    for (const [sender, { seenMs }] of this.senders) if (nowMs - seenMs > SPAN_MS) this.senders.delete(sender);
  }
}

export function isBodyOf({ bodySha256 }: Admitted, body: Uint8Array): boolean {
  return isEqual(bodySha256, sha256(body));
}

/** None of the fields holds a line end, so that no two requests give the same text. */
function macOfRequest(key: string, { method, path, to }: Target, fields: readonly string[]): string {
  return hmac(key, ['parley cluster request 1', method, path, to, ...fields]);
}

function proofOfAnswer(key: string, mac: string, status: number, body: Uint8Array): string {
  return hmac(key, ['parley cluster answer 1', mac, String(status), sha256(body)]);
}

function hmac(key: string, lines: readonly string[]): string {
  return createHmac('sha256', key).update(lines.join('\n')).digest('hex');
}

function sha256(body: Uint8Array): string {
  return hash('sha256', body);
}

/** In a time that tells nothing of where they differ. */
function isEqual(given: string, expected: string): boolean {
  const [some, all] = [Buffer.from(given), Buffer.from(expected)];
  return some.length === all.length && timingSafeEqual(some, all);
}
