import { expect, it } from 'vitest';
import { ResponseReader } from '../../../bench/http/http-response.js';

it('The reader of responses takes them by length and in chunks, wherever the bytes are cut', () => {
  const text =
    'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello' +
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n';
  for (let cut = 1; cut < text.length; cut++) {
    const seen: string[] = [];
    const reader = new ResponseReader((status, body) => seen.push(`${status} ${body.toString()}`));
    reader.push(Buffer.from(text.slice(0, cut)));
    reader.push(Buffer.from(text.slice(cut)));
    expect(seen).toEqual(['201 hello', '200 abc0123456789']);
  }
});
