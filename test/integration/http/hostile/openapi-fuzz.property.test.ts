import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DocumentedAnswers } from '../../../support/http/openapi/documented-answers.js';
import { type DocumentedRequest, requestsOf } from '../../../support/http/openapi/documented-requests.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, listen, openMarket } from '../../../support/http/market.js';
import { type OpenApiDocument, type Operation, operationsOf } from '../../../support/http/openapi/openapi-document.js';
import { PlainSender } from '../../../support/http/openapi/plain-request.js';
import { runs } from '../../../support/property/runs.js';

const callers = { ...as, nobody: {} };
type Who = keyof typeof callers;

let market: Market;
let sender: PlainSender;
let document: OpenApiDocument;
let answers: DocumentedAnswers;
/** Operations that have been carried out at least once: of those that never are, nothing would be known. */
let carriedOut: Set<string>;

beforeEach(async () => {
  market = await openMarket();
  await market.exchange.list({ symbol: 'CALL', tickSize: '0.01', lotSize: '1' });
  await market.exchange.changePhase({ instrument: 'CALL', phase: 'call' });
  const server = await listen(market, { keyFile: await keyFile() });
  sender = new PlainSender(server.port);
  document = (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApiDocument; // what the tests below check
  answers = await DocumentedAnswers.of(document);
  carriedOut = new Set();
  for (const fields of [{ quantity: '1000' }, { participant: 'bob', side: 'sell', quantity: '40' }, { price: '9' }]) {
    await market.exchange.post(aPost(fields) as never);
  }
});

/** What says that a request was not understood. What a good one asks for may still be against how things are. */
const malformed =
  /^(MALFORMED_\w+|INVALID_COMMAND|INVALID_SYMBOL|INVALID_PARTICIPANT|INVALID_CLIENT_ID|UNSUPPORTED_MEDIA_TYPE|BODY_TOO_LARGE|NOT_FOUND|METHOD_NOT_ALLOWED)$/;

/** A good request that leads nowhere: it goes on from a place that there is not. */
const nowhere = /"after: no such (position|instrument is listed)"/;

/** One of several parameters is needed, of which the document can say of each only that it may be left out. */
const unsaid = '"give instrument, side, or all=true"';

/** One who sees all asks about whom it names; a participant need name nobody. */
function namesNobody({ url, body }: DocumentedRequest): boolean {
  return !/[?&]participant=/.test(url) && body?.includes('"participant"') !== true;
}

function isExcused(request: DocumentedRequest, who: Who, body: string): boolean {
  return (
    nowhere.test(body) || body.includes(unsaid) || ((who === 'operator' || who === 'auditor') && namesNobody(request))
  );
}

/** Sends it as somebody, and expects an answer that the document knows, and that nothing has come of what was refused. */
async function send(operation: Operation, request: DocumentedRequest, who: Who): Promise<void> {
  const { url, about, headers, body, refusedWith } = request;
  const { method } = operation;
  const what = `${method} ${url}, ${about}, by ${who}`;
  const head = await market.log.head();
  const answer = await sender.send({ method, url, headers: { ...headers, ...callers[who] }, body });
  const code = answers.judge(operation, url.split('?', 1)[0] ?? '', answer, what);
  expect(answer.status, `${what}: ${answer.body}`).toBeLessThan(500);
  if (method === 'GET' || code !== undefined) expect(await market.log.head(), what).toBe(head);
  if (code === undefined) carriedOut.add(`${operation.operationId} ${answer.status}`);
  if (code === undefined && operation.operationId === 'setSwitch') await takeOff(answer.body);
  if (operation.security.length > 0 && who === 'nobody') {
    expect(code, what).toBe('UNAUTHENTICATED');
  } else if (refusedWith !== undefined && code !== 'FORBIDDEN') {
    expect(code, `${what}: ${answer.body}`).toMatch(refusedWith);
  } else if (refusedWith === undefined && code !== undefined && !isExcused(request, who, answer.body)) {
    expect(code, `${what}: ${answer.body}`).not.toMatch(malformed);
  }
}

/** A switch that lapsed later would write to the log amid what must write nothing. */
async function takeOff(answer: string): Promise<void> {
  const { participant } = JSON.parse(answer) as { participant: string }; // it fits its schema
  expect(await market.exchange.setSwitch({ participant, withinMs: 0 })).toMatchObject({ ok: true });
}

/** Answers by which an operation says that it has done what was asked. */
const successesOf = ({ operationId, responses }: Operation): string[] =>
  Object.keys(responses).flatMap((status) => (status.startsWith('2') ? [`${operationId} ${status}`] : []));

/** Withdrawing comes last, for all else wants something open. */
const inOrder = (operations: readonly Operation[]): readonly Operation[] =>
  operations.toSorted((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));

const MOST_ROUNDS = 10;

/** A round of requests of an operation, and more of them while it has not answered in each way that is a success. Gives what is wrong. */
async function trials(operation: Operation): Promise<string | undefined> {
  const who = fc.constantFrom(...(Object.keys(callers) as Who[])); // its own keys
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await market.exchange.changePhase({ instrument: 'CALL', phase: 'call' });
    const property = fc.asyncProperty(requestsOf(operation), who, (request, caller) =>
      send(operation, request, caller),
    );
    const { failed, seed, counterexamplePath, errorInstance } = await fc.check(property, runs(120));
    const where = `${operation.operationId} (seed ${seed}, path ${counterexamplePath ?? ''})`;
    if (failed) return `${where}: ${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}`;
    if (successesOf(operation).every((success) => carriedOut.has(success))) return undefined;
  }
  const missing = successesOf(operation).filter((success) => !carriedOut.has(success));
  return `no request was answered: ${missing.join(', ')}`;
}

describe('what the OpenAPI document says of each operation', () => {
  it('What the OpenAPI document says of each operation holds: whatever is asked of it gets an answer that it documents, and what is refused changes nothing', async () => {
    const wrong: string[] = [];
    for (const operation of inOrder(operationsOf(document))) {
      const found = await trials(operation);
      if (found !== undefined) wrong.push(found);
    }
    expect(wrong).toEqual([]);
    expect(market.logged.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
