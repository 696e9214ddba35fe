import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from './problem-details.js';

/** Why a body is not read: it is encoded, and nothing here decodes. Undefined for one that is as it is. */
export function encodingOf({ headers }: { readonly headers: IncomingHttpHeaders }): ProblemError | undefined {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || /^(?:[ \t,]|identity)*$/i.test(encoding)) return undefined;
  return new ProblemError('UNSUPPORTED_MEDIA_TYPE', 'send the body without a Content-Encoding', {
    'accept-encoding': 'identity', // RFC 9110, 12.5.3: what a body may have as its encoding
  });
}
