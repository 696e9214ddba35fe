/** Checks what holds of every answer of the server, whatever the request. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import type { ProblemCode } from '../../../../src/api/problem.js';
import { problemMediaType, statusOf, titleOf } from '../../../../src/server/problem-details.js';

/** What is said where there is no operation that could list it. */
const ofNoRoute: readonly string[] = ['MALFORMED_HTTP', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'];

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, object>> }>>>
  >;
}

/** What was sent, as far as an answer is judged by it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

export type Judge = (answer: LightMyRequestResponse, asked: Asked) => void;

/** Judges answers by the server's own OpenAPI document. */
export async function openJudge(app: FastifyInstance): Promise<Judge> {
  const { paths } = (await app.inject({ method: 'GET', url: '/openapi.json' })).json<Document>();
  const routes = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]*')}$`),
    operations,
  }));
  return (answer, asked) => {
    const { statusCode: status } = answer;
    expect(status).toBeLessThan(500);
    expect(answer.body).not.toMatch(/node_modules|\.[jt]s:\d+|\n +at /);
    if (status < 400) return;
    expectProblem(answer, asked);
    if (asked.method === 'HEAD') return;
    const { code } = answer.json<{ code: string }>();
    const path = new URL(`http://localhost${asked.url}`).pathname; // dots lead elsewhere, as they do for `inject`
    const operation = routes.find(({ pattern }) => pattern.test(path))?.operations[asked.method.toLowerCase()];
    const documented = operation === undefined ? ofNoRoute : codesOf(operation.responses[status]);
    expect(documented, `${asked.method} ${asked.url} documents ${code}`).toContain(code);
  };
}

/** A refusal is a problem, whole, with a code that is known and the status that belongs to it. */
function expectProblem(answer: LightMyRequestResponse, { method }: Asked): void {
  expect(answer.headers['content-type']?.toString().split(';')[0]).toBe(problemMediaType);
  if (method === 'HEAD') return;
  const problem = answer.json<{ code: ProblemCode; detail: string }>();
  const { code, detail } = problem;
  expect(problem).toMatchObject({ type: `urn:parley:problem:${code}`, title: titleOf(code), status: statusOf[code] });
  expect(answer.statusCode).toBe(statusOf[code]);
  expect(detail).not.toBe('');
  expect(detail.length).toBeLessThan(1_000);
}

function codesOf(response: object | undefined): string[] {
  return [...JSON.stringify(response ?? {}).matchAll(/"([A-Z]+(?:_[A-Z]+)*)"/g)].map(([, code]) => code ?? '');
}
