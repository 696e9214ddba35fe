/** A server that answers as the OpenAPI document has it, but with whatever text it likes. It is a stand-in: nothing is behind it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type OpenApiDocument, type Schema, operationsOf } from '../http/openapi/openapi-document.js';

export interface HostileAnswers {
  /** Stands wherever an answer has text. */
  readonly text: string;
  /** With problems, instead of what was asked for. */
  readonly refuses: boolean;
}

/** Listens for the length of a test; gives its address. */
export async function hostileServer(document: OpenApiDocument, answers: HostileAnswers): Promise<string> {
  const operations = operationsOf(document).map((operation) => {
    return { ...operation, pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`) };
  });
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const operation = operations.find(({ method, pattern }) => method === request.method && pattern.test(path));
    const { responses = {} } = operation ?? {};
    const found = Object.entries(responses).find(([code]) =>
      answers.refuses ? Number(code) >= 400 : Number(code) < 300,
    );
    const [status = '404', { content = {} } = {}] = found ?? [];
    const [type = 'application/json', { schema = {} } = {}] = Object.entries(content).at(-1) ?? [];
    response.writeHead(Number(status), { 'content-type': type });
    const answer = answers.refuses ? { status, code: answers.text, detail: answers.text } : fill(schema);
    // A list has two pages: the second says nothing of a next.
    const isSecond = /[?&]after=/.test(request.url ?? '');
    response.end(JSON.stringify(answer, (name, value: unknown) => (isSecond && name === 'next' ? undefined : value)));
  });
  const fill = (schema: Schema): unknown => valueOf(schema, document, answers.text);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
}

function valueOf(schema: Schema, document: OpenApiDocument, text: string): unknown {
  const { $ref, type, properties = {}, items, anyOf } = schema;
  const of = (each: Schema): unknown => valueOf(each, document, text);
  if ($ref !== undefined) return of(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (anyOf?.[0] !== undefined) return of(anyOf[0]);
  if (type === 'array') return [of(items ?? {}), of(items ?? {})];
  if (type === 'object') return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, of(each)]));
  if (type === 'integer') return 1;
  return type === 'boolean' ? true : text;
}
