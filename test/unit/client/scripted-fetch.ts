import type { Fetch } from '../../../src/client/index.js';

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A stand-in for the network: gives the answers one after the other, an Error as a failure of the way, and keeps what was sent. */
export function scriptedFetch(...answers: readonly (Response | Error)[]): { fetch: Fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: Fetch = async (url, { method = 'GET', headers, body }) => {
    const answer = answers[sent.length];
    sent.push({
      method,
      url,
      headers: headers as Record<string, string>, // the client gives plain ones
      body: typeof body === 'string' ? body : undefined,
    });
    if (answer === undefined) throw new Error('nothing more was to be asked');
    if (answer instanceof Error) throw answer;
    return answer.clone();
  };
  return { fetch, sent };
}

export function json(body: object, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { type: `urn:parley:problem:${code}`, title: code, status, code, detail: 'because' };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}
