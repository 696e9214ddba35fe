import { describe, expect, it } from 'vitest';
import { PlainRequests } from '../../../../src/server/hot/plain-request.js';

const body = '{"a":"ü"}';
const length = `content-length: ${Buffer.byteLength(body)}`;
const usual = ['host: localhost', 'content-type: application/json', length];

function bytesOf(fields: readonly string[], line = 'POST /v1/intentions HTTP/1.1'): Buffer {
  return Buffer.from(`${[line, ...fields].join('\r\n')}\r\n\r\n${body}`);
}

const others: Readonly<Record<string, Buffer>> = {
  'another method': bytesOf(usual, 'PUT /v1/intentions HTTP/1.1'),
  'another path': bytesOf(usual, 'POST /v1/intentions?x=1 HTTP/1.1'),
  'another version': bytesOf(usual, 'POST /v1/intentions HTTP/1.0'),
  'no host': bytesOf(usual.slice(1)),
  'two hosts': bytesOf([...usual, 'Host: localhost']),
  'no length': bytesOf(usual.slice(0, 2)),
  'two lengths': bytesOf([...usual, length]),
  'a length with a sign': bytesOf([...usual.slice(0, 2), 'content-length: +10']),
  'a length that is none': bytesOf([...usual.slice(0, 2), 'content-length: 0']),
  'a body that is too long': bytesOf([...usual.slice(0, 2), 'content-length: 65537']),
  'another media type': bytesOf(['host: localhost', 'content-type: application/x-ndjson', length]),
  'a connection that ends': bytesOf([...usual, 'connection: close']),
  'a transfer coding': bytesOf([...usual, 'transfer-encoding: chunked']),
  'a content coding': bytesOf([...usual, 'content-encoding: identity']),
  'an expectation': bytesOf([...usual, 'expect: 100-continue']),
  'an upgrade': bytesOf([...usual, 'upgrade: websocket']),
  'a page that asks': bytesOf([...usual, 'origin: http://localhost']),
  'another site': bytesOf([...usual, 'sec-fetch-site: none']),
  'a signature': bytesOf([...usual, 'signature-input: x']),
  'a folded field': bytesOf([...usual, 'x: y', ' z']),
  'a blank before the colon': bytesOf([...usual, 'x : y']),
  'a line without a colon': bytesOf([...usual, 'x']),
  'a control character': bytesOf([...usual, 'x: \u0001']),
  'a bare line feed': bytesOf([...usual, 'x: y\nz: w']),
  'a head that is too long': bytesOf([...usual, `x: ${'y'.repeat(4_096)}`]),
};

describe('a plain request', () => {
  it('A plain request is read with who sent it, and with no more than its own bytes', () => {
    const bytes = bytesOf([...usual, 'Authorization: Bearer x ', 'user-agent: y', 'connection: Keep-Alive']);
    const read = new PlainRequests().read(Buffer.concat([bytes, bytes]));
    expect(read).toEqual({
      ...{ head: { host: 'localhost', authorization: 'Bearer x', bodyBytes: 10 }, body, bytes: bytes.length },
    });
  });

  it('A plain request is told as such from its first bytes on, and its head before its body has come', () => {
    const requests = new PlainRequests();
    const bytes = bytesOf(usual);
    const head = bytes.length - 10;
    for (let end = 1; end < head; end++) expect(requests.read(bytes.subarray(0, end))).toBe('partial');
    for (let end = head; end < bytes.length; end++)
      expect(requests.read(bytes.subarray(0, end))).toMatchObject({ body: undefined, bytes: bytes.length });
  });

  it.each(Object.entries(others))('A plain request it is not, with %s', (_what, bytes) => {
    const requests = new PlainRequests();
    for (let again = 0; again < 2; again++) expect(requests.read(bytes)).toBe('other');
  });

  it('A plain request it is not, with a body that is no UTF-8', () => {
    const bytes = bytesOf(usual);
    bytes[bytes.length - 4] = 0xff;
    expect(new PlainRequests().read(bytes)).toBe('other');
  });
});
