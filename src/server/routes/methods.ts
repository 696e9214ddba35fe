/** Which methods each address takes: for requests with another one, whether a route would answer them or not. */
import type { FastifyInstance } from 'fastify';
import { type Problem, problem } from '../../api/problem.js';

/** Why there is no answer but this one, and the methods that the address takes, if any. */
export interface Misdirected {
  readonly problem: Problem;
  readonly allow: readonly string[];
}

export class Methods {
  readonly #routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  /** Learns of all routes that are added to the app from now on. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ method, url }) => {
      const plain = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
      const pattern = new RegExp(`^${plain.replace(/:\w+/g, '[^/]*').replace(/\/\*$/, '/.*')}$`);
      for (const each of [method].flat()) this.#routes.push({ method: each, pattern });
    });
  }

  /** For a request that no route takes. */
  misdirected(path: string): Misdirected {
    const found = this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    const allow = [...new Set(found)];
    if (allow.length > 0) return { problem: problem('METHOD_NOT_ALLOWED', `this takes ${allow.join(', ')}`), allow };
    return { problem: problem('NOT_FOUND', 'there is nothing here; /openapi.json lists what there is'), allow };
  }
}
