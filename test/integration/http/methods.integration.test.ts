import { METHODS } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen, openMarket } from '../../support/http/market.js';
import { type OpenApiDocument } from '../../support/http/openapi/openapi-document.js';
import { sendRaw } from '../../support/http/hostile/raw-connection.js';

/** Node knows the first ones; the parser that it has knows none of the others. A method’s case matters (RFC 9110, 9.1). */
const methods = [...METHODS.filter((name) => name !== 'CONNECT'), 'QUERY', 'FOO', 'get', 'Post', 'SPACEJUMP', 'M-X_1~'];

describe('a method', () => {
  it('A method that an address does not take is refused with 405 and with those that it takes, whether anybody knows it or not', async () => {
    const { port, url } = await listen(await openMarket());
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
    for (const [path, operations] of Object.entries(paths)) {
      const taken = Object.keys(operations).map((name) => name.toUpperCase());
      for (const method of methods.filter((name) => !taken.includes(name) && name !== 'HEAD')) {
        const target = path.replace(/\{\w+\}/, 'x');
        const answer = await sendRaw(port, [
          `${method} ${target}?a=b HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
        ]);
        expect(answer, `${method} ${target}`).toMatch(/^HTTP\/1.1 405 .*"METHOD_NOT_ALLOWED"/s);
        const allowed = /^allow: (.+)\r$/im.exec(answer)?.[1]?.split(', ') ?? [];
        expect(allowed.filter((name) => name !== 'HEAD').sort(), `${method} ${target}`).toEqual(taken.sort());
        expect(answer).toContain(`"instance":"${target}"`);
      }
    }
  });

  it('A method is of no interest where there is nothing: that is 404, with any', async () => {
    const { port } = await listen(await openMarket());
    for (const method of methods) {
      const answer = await sendRaw(port, [
        `${method} /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      ]);
      expect(answer, method).toMatch(method === 'HEAD' ? /^HTTP\/1.1 404 / : /^HTTP\/1.1 404 .*"NOT_FOUND"/s);
    }
  });

  it('A method of a head alone gets the status and the headers of the whole, wherever there is something to get', async () => {
    const { url } = await listen(await openMarket());
    for (const path of ['/health/live', '/v1/instruments', '/v1/instruments/ACME', '/v1/deals', '/v1/intentions/9']) {
      const [head, whole] = [await fetch(url + path, { method: 'HEAD' }), await fetch(url + path)];
      expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
        whole.status,
        whole.headers.get('content-type'),
        '',
      ]);
    }
  });
});
