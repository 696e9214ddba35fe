/** Compares an answer with what the OpenAPI document says of it. */
import { expect } from 'vitest';
import { type OpenApiDocument, type Operation, operationsOf } from './openapi-document.js';
import { type Check, schemaCompiler } from './schema-check.js';

/** An answer as it came, whole, or as much of one without an end as there was when its head had come. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export class DocumentedAnswers {
  private constructor(private readonly checks: ReadonlyMap<string, Check>) {}

  /** Compiles all schemas of answers. */
  static async of(document: OpenApiDocument): Promise<DocumentedAnswers> {
    const checks = new Map<string, Check>();
    const compile = await schemaCompiler(document.components.schemas);
    for (const operation of operationsOf(document)) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        for (const [type, { schema }] of Object.entries(content)) {
          checks.set(placeOf(operation, status, type), compile(schema));
        }
      }
    }
    return new DocumentedAnswers(checks);
  }

  /** Expects that the document knows of such an answer. Gives the code of a refusal, else undefined. */
  judge(operation: Operation, path: string, { status, headers, body }: Answer, what: string): string | undefined {
    const type = String(headers['content-type']).split(';')[0] ?? '';
    const check = this.checks.get(placeOf(operation, status, type));
    expect(check, `${what}: ${status} as ${type} is documented; it said ${body.slice(0, 300)}`).toBeDefined();
    expect(body, what).not.toMatch(/node_modules|\.[jt]s:\d+|\n +at /);
    if (type === 'application/x-ndjson') this.judgeLines(operation, body, what);
    const value: unknown = /[/+]json$/.test(type) ? JSON.parse(body) : body;
    expect(check?.(value), `${what}: ${body.slice(0, 300)} fits`).toBe('');
    if (status < 400) return undefined;
    const problem = value as { code: string; status: number; instance?: string }; // it fits its schema
    expect(problem.status, what).toBe(status);
    expect(problem.instance, what).toBe(path);
    return problem.code;
  }

  /**
   * Each line is an answer of its own, as one that came alone would have been, but for the parts of a problem that never vary; and what is
   * `status` there is `intentionStatus` here, for `status` is that of HTTP.
   */
  private judgeLines(operation: Operation, body: string, what: string): void {
    const lines = body.split('\n').slice(0, -1);
    for (const text of lines) {
      const { line, status, ...answer } = JSON.parse(text) as LineAnswer; // or a check fails
      const { code } = answer;
      const type = code === undefined ? 'application/json' : 'application/problem+json';
      const whole = code === undefined ? ofPost(answer) : { type: code, title: code, status, ...answer };
      expect(line, what).toBeGreaterThan(0);
      expect(this.checks.get(placeOf(operation, status, type))?.(whole), `${what}: ${text} fits`).toBe('');
    }
  }
}

interface LineAnswer {
  readonly line: number;
  readonly status: number;
  readonly code?: string;
  readonly intentionStatus?: string;
}

function ofPost({ intentionStatus, ...answer }: Pick<LineAnswer, 'intentionStatus'>): object {
  return intentionStatus === undefined ? answer : { ...answer, status: intentionStatus };
}

function placeOf({ method, path }: Operation, status: string | number, type: string): string {
  return `${method} ${path} ${status} ${type}`;
}
