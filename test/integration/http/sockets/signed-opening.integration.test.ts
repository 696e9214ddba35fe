import { beforeEach, describe, expect, it } from 'vitest';
import { keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { newPair, type Pair, signed } from '../../../support/http/signing.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';

let alice: Pair;
let url: string;

beforeEach(async () => {
  alice = newPair();
  const keys = [{ publicKey: alice.pem, participant: 'alice' }];
  ({ url } = await listen(await openMarket(), { keyFile: await keyFile({ keys }) }));
});

/** The headers of a request for a WebSocket that is signed now. */
function opening(by: Pair, target = '/v1/ws'): Record<string, string> {
  const { host: authority } = new URL(url);
  return signed(by, { method: 'GET', authority, target, createdS: Math.floor(Date.now() / 1_000) });
}

const shown = (fields: Record<string, string>): object => ({
  authenticate: { signatureInput: fields['signature-input'], signature: fields.signature },
});

describe('a WebSocket that is opened by a signature', () => {
  it('A WebSocket that is opened by a signed request is its participant’s', async () => {
    const program = await SocketProgram.open(url, opening(alice));
    const { participant: _, ...own } = aPost();
    expect(await program.ask({ id: 1, command: own })).toMatchObject({ status: 201, body: { participant: 'alice' } });
  });

  it('A WebSocket that is opened without anything is its participant’s once the first message has the signature of that request', async () => {
    const program = await SocketProgram.open(url);
    const answer = await program.ask({ id: 1, ...shown(opening(alice)) });
    expect(answer).toEqual({ id: 1, status: 200, body: { role: 'participant', participant: 'alice' } });
  });

  it('A WebSocket is not opened by a signature that is of another request, or by another key', async () => {
    await expect(SocketProgram.open(url, opening(newPair()))).rejects.toThrow(/^401 .*UNAUTHENTICATED/);
    await expect(SocketProgram.open(url, opening(alice, '/v1/own/stream'))).rejects.toThrow(/^401 .*SIGNATURE_INVALID/);
    const program = await SocketProgram.open(url);
    const answer = await program.ask({ id: 1, ...shown(opening(alice, '/v1/book/ACME')) });
    expect(answer).toMatchObject({ id: 1, status: 401, body: { code: 'SIGNATURE_INVALID' } });
  });

  it('A WebSocket is not opened by a signature that has opened one, whichever way it was shown', async () => {
    const headers = opening(alice);
    await SocketProgram.open(url, headers);
    await expect(SocketProgram.open(url, headers)).rejects.toThrow(/^401 .*SIGNATURE_INVALID/);
    const relabelled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace(/^sig=/, 'other=')]),
    );
    await expect(SocketProgram.open(url, relabelled)).rejects.toThrow(/^401 .*SIGNATURE_INVALID/);
    const program = await SocketProgram.open(url);
    expect(await program.ask({ id: 1, ...shown(headers) })).toMatchObject({ id: 1, status: 401 });
  });
});
