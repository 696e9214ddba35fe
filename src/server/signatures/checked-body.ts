import { Readable } from 'node:stream';
import { ProblemError } from '../problem-details.js';
import type { ContentDigest } from './content-digest.js';

/**
 * A body that is read as a stream, whole and as it was signed: nothing of it may be used before its end is here, so it is kept until then, and
 * may be no longer than `maxBytes`. Calls back with ProblemError: BODY_TOO_LARGE, DIGEST_MISMATCH. Of a body that breaks off nothing is heard.
 */
export function readChecked(
  payload: Readable,
  { digest, maxBytes }: { readonly digest: ContentDigest; readonly maxBytes: number },
  done: (error: ProblemError | null, body?: Readable) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) {
      chunks.push(chunk);
      return;
    }
    payload.off('data', take).off('end', end).resume();
    const says = `a signed stream is ${maxBytes >> 10} KiB at most, for no line is taken before all are here: send several`;
    done(new ProblemError('BODY_TOO_LARGE', says));
  };
  const end = (): void => {
    const body = Buffer.concat(chunks);
    const why = digest.whyNot(body);
    if (why === undefined) done(null, Readable.from([body], { objectMode: false }));
    else done(new ProblemError(why.code, why.detail));
  };
  payload.on('data', take).once('end', end);
}
