import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import type { Caller } from '../doors/access.js';
import { refuseForeignPage } from '../doors/foreign-page.js';
import { ProblemError } from '../problem-details.js';
import { isSigned, SIGNATURE_WINDOW_MS } from '../signatures/signature-check.js';
import { UsedSignatures } from '../signatures/used-signatures.js';

/** What of a request says who opens a WebSocket. */
export type Opening = Pick<IncomingMessage, 'url' | 'headers'>;

type CallersContext = Pick<ServerContext, 'keys' | 'signatures' | 'allowedOrigins' | 'signatureWindowMs'>;

/** Finds out who opens a WebSocket: by the request for it, or by the first message. */
export class SocketCallers {
  private readonly used: UsedSignatures;

  constructor(private readonly context: CallersContext) {
    this.used = new UsedSignatures(context.signatureWindowMs ?? SIGNATURE_WINDOW_MS);
  }

  /** Who asks; undefined where the first message is to say so. */
  byRequest({ url, headers }: Opening): Caller | Problem | undefined {
    const { keys, allowedOrigins } = this.context;
    return attempt(() => {
      // A page is not kept by its browser from what comes on a WebSocket; whoever it is, it is looked at as if it changed something.
      refuseForeignPage('CONNECT', headers, allowedOrigins);
      if (keys.secured && isSigned(headers)) return this.bySignature({ url, headers });
      if (keys.secured && headers.authorization === undefined) return undefined;
      return keys.identify(headers.authorization, headers.host);
    });
  }

  /** `given`: what the message `authenticate` says. */
  byMessage(given: unknown, { url, headers }: Opening): Caller | Problem {
    const { keys } = this.context;
    const shown = readShown(given);
    if (shown === undefined) return problem('INVALID_COMMAND', SHOWN);
    return attempt(() => {
      if ('key' in shown) return keys.identify(`Bearer ${shown.key}`, headers.host);
      const signed = { 'signature-input': shown.signatureInput, signature: shown.signature };
      return keys.secured
        ? this.bySignature({ url, headers: { ...headers, ...signed } })
        : keys.identify('', headers.host);
    });
  }

  private bySignature({ url = '', headers }: Opening): Caller {
    const claim = this.context.signatures.claim({ method: 'GET', target: url, headers, hasBody: false });
    const caller = claim.prove();
    if (this.used.use(claim.signature)) return caller;
    throw new ProblemError(
      'SIGNATURE_INVALID',
      'the signature is refused: it has opened a WebSocket before; sign again',
    );
  }
}

const SHOWN = 'authenticate is {"key":"…"}, or {"signatureInput":"…","signature":"…"}, the two headers as texts';

type Shown = { readonly key: string } | { readonly signatureInput: string; readonly signature: string };

function readShown(given: unknown): Shown | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const names = Object.keys(given).sort().join();
  if (!Object.values(given).every((value) => typeof value === 'string')) return undefined;
  return names === 'key' || names === 'signature,signatureInput' ? (given as Shown) : undefined; // strings of these names
}

function attempt<Result>(work: () => Result): Result | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}
