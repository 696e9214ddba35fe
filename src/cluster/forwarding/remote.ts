/**
 * The connection to another member: JSON over HTTP connections that stay open, batches of whatever waits.
 *
 * 1. What is sent to one member arrives in the order in which it was handed over: one batch is under way at a time.
 * 2. Each request has an outcome: answered, certainly not carried out, or unknown. Nothing is sent twice.
 * 3. The secret of the cluster is never sent: the listener may be no member. Where there is one, an answer that does not prove that
 *    its sender knows it says nothing, neither that something was done nor that it was not.
 */
import { Agent, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { MemberProver, PROOF_HEADER } from './member-proof.js';
import type { ClusterAnswer, ClusterRequest } from './requests.js';

/** The outcome of a request. `absent`: it was certainly not carried out. `unknown`: it may have been. */
export type Delivery =
  | { readonly kind: 'answered'; readonly answer: ClusterAnswer }
  | { readonly kind: 'absent' | 'unknown'; readonly why: string };

export interface RemoteOptions {
  /** Where the member is reached: `http://10.0.0.7:7070`. */
  readonly url: string;
  /** The secret of the cluster. */
  readonly key: string | undefined;
  /** How long one batch may take. */
  readonly timeoutMs: number;
}

export const CLUSTER_PATH = '/v1/cluster/commands';
/** The largest body of a batch. */
export const MAX_BATCH_BYTES = 4 << 20;
export const MAX_BATCH_REQUESTS = 2_000;
const BATCH_BYTES = 1 << 20;
/** Shorter than any server keeps a connection open, so that none is used that the other side has just closed. */
const IDLE_SOCKET_MS = 10_000;

interface Queued {
  readonly json: string;
  readonly settle: (delivery: Delivery) => void;
}

interface Reply {
  readonly status: number;
  readonly body: Buffer;
  readonly proof: unknown;
}

export class Remote {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_SOCKET_MS });
  private queue: Queued[] = [];
  private underWay: AbortController | undefined;
  private readonly prover: MemberProver | undefined;

  constructor(private readonly options: RemoteOptions) {
    this.prover = options.key === undefined ? undefined : new MemberProver(options.key);
  }

  /** Never rejects. */
  send(request: ClusterRequest): Promise<Delivery> {
    return new Promise((settle) => {
      this.queue.push({ json: JSON.stringify(request), settle });
      if (this.underWay === undefined && this.queue.length === 1) queueMicrotask(() => void this.flush());
    });
  }

  /** The member is gone: what is under way has an unknown outcome, what still waits here was not carried out. */
  abandon(why: string): void {
    this.underWay?.abort(new Error(why));
    for (const { settle } of this.queue.splice(0)) settle({ kind: 'absent', why });
  }

  close(): void {
    this.abandon('the way to it was closed');
    this.agent.destroy();
  }

  private async flush(): Promise<void> {
    while (this.underWay === undefined && this.queue.length > 0) {
      const batch = this.takeBatch();
      this.underWay = new AbortController();
      const deliveries = await this.deliver(batch, this.underWay.signal);
      this.underWay = undefined;
      batch.forEach(({ settle }, index) => {
        settle(deliveries[index] ?? { kind: 'unknown', why: 'there was no answer to it' });
      });
    }
  }

  private takeBatch(): Queued[] {
    let bytes = 0;
    let count = 0;
    for (const { json } of this.queue) {
      if (count > 0 && (count >= MAX_BATCH_REQUESTS || bytes + json.length > BATCH_BYTES)) break;
      bytes += json.length;
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async deliver(batch: readonly Queued[], signal: AbortSignal): Promise<readonly Delivery[]> {
    const body = Buffer.from(`[${batch.map(({ json }) => json).join(',')}]`);
    const proof = this.prover?.prove({ method: 'POST', path: CLUSTER_PATH, to: this.options.url }, body);
    const reply = await this.exchangeBatch(body, proof?.header, signal);
    if ('kind' in reply) return batch.map(() => reply);
    const text = reply.body.toString();
    const why = `it answered ${reply.status}: ${text.slice(0, 200)}`;
    if (proof !== undefined && this.prover?.isAnswer(proof.mac, reply.status, reply.body, reply.proof) !== true) {
      return batch.map(() => ({ kind: 'unknown', why: `its answer does not prove that it is a member: ${why}` }));
    }
    if (reply.status === 200) return answersOf(text, batch.length);
    // A 4xx is given before anything is carried out.
    return batch.map(() => ({ kind: reply.status < 500 ? 'absent' : 'unknown', why }));
  }

  private exchangeBatch(
    body: Buffer,
    proof: string | undefined,
    signal: AbortSignal,
  ): Promise<Reply | Exclude<Delivery, { kind: 'answered' }>> {
    const { url, timeoutMs } = this.options;
    const headers: OutgoingHttpHeaders = { 'content-type': 'application/json' };
    if (proof !== undefined) headers[PROOF_HEADER] = proof;
    return new Promise((resolve) => {
      let isConnected = false;
      const fail = (error: Error): void => resolve({ kind: isConnected ? 'unknown' : 'absent', why: error.message });
      const request = httpRequest(new URL(CLUSTER_PATH, url), { method: 'POST', agent: this.agent, headers, signal });
      request.once('socket', (socket) => {
        if (!socket.connecting) isConnected = true;
        else socket.once('connect', () => (isConnected = true));
      });
      const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
      request.once('close', () => clearTimeout(timer));
      request.once('error', fail);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', fail);
        response.once('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks),
            proof: response.headers[PROOF_HEADER],
          });
        });
      });
      request.end(body);
    });
  }
}

function answersOf(body: string, count: number): readonly Delivery[] {
  let answers: unknown;
  try {
    answers = JSON.parse(body);
  } catch {
    answers = undefined;
  }
  if (!Array.isArray(answers) || answers.length !== count || !answers.every(isAnswer)) {
    return Array.from({ length: count }, () => ({ kind: 'unknown', why: 'its answer cannot be understood' }));
  }
  return answers.map((answer) => ({ kind: 'answered', answer }));
}

/** Another member is trusted to answer each verb with what belongs to it. */
function isAnswer(value: unknown): value is ClusterAnswer {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true || (value.ok === false && 'code' in value && 'detail' in value);
}
