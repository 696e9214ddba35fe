import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { closeCodes, closeCodeSays } from '../../../../src/api/close-codes.js';
import { aPost, appOf, openMarket } from '../../../support/http/market.js';
import { whyNotDocumented } from '../../../support/http/sockets/message-judge.js';

const schema: object = specs.schemasWithoutId['3.0.0'];

describe('the AsyncAPI document', () => {
  it('The AsyncAPI document is one of AsyncAPI 3, by the schema of those who define it', async () => {
    const document = (await appOf(await openMarket()).inject('/asyncapi.json')).json<Record<string, unknown>>();
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(schema);
    expect(validate(document) || validate.errors).toBe(true);
    expect(validate({ ...document, operations: { ask: { action: 'shout' } } })).toBe(false);
  });

  it('The AsyncAPI document leads from each reference to what is there', async () => {
    const document = (await appOf(await openMarket()).inject('/asyncapi.json')).json<Record<string, unknown>>();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(30);
    for (const path of references) {
      const found = path
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
      expect(found, path).toBeDefined();
    }
  });

  it.each([
    ['request.command', { id: 1, command: aPost() }],
    ['request.command', { id: 'x', command: { command: 'post', ...aPost() } }],
    ['request.command', { id: 1, command: { command: 'withdraw', id: '7' } }],
    ['request.command', { id: 1, command: { command: 'reduce', clientIntentionId: 'a', by: '1' } }],
    ['request.command', { id: 1, command: { command: 'replace', id: '7', price: '1.25' } }],
    ['request.command', { id: 1, command: { command: 'withdrawAll', all: true } }],
    ['request.command', { id: 1, command: { command: 'switch', participant: 'alice', withinMs: 5_000 } }],
    ['request.withdrawOnDisconnect', { id: 1, withdrawOnDisconnect: true }],
    ['request.withdrawOnDisconnect', { id: 1, withdrawOnDisconnect: { participant: 'alice' } }],
    ['request.subscribe', { id: 1, subscribe: { channel: 'book', instrument: 'ACME', rate: '100ms' } }],
    ['request.unsubscribe', { id: 1, unsubscribe: { channel: 'own' } }],
    ['request.authenticate', { id: 1, authenticate: { key: 'alices-key' } }],
    ['request.ping', { id: 1, ping: {} }],
  ])('The AsyncAPI document has, as %s, what a program may say: %j', (name, message) => {
    expect(whyNotDocumented(name, message)).toBeUndefined();
  });

  it.each([
    ['request.command', { id: 1, command: { command: 'withdraw' } }],
    ['request.command', { id: null, command: aPost() }],
    ['request.command', { id: 1, command: { command: 'replace', id: '7' } }],
    ['request.subscribe', { id: 1, subscribe: { channel: 'book' } }],
    ['request.command', { id: 1, command: { command: 'switch', participant: 'alice' } }],
    ['request.withdrawOnDisconnect', { id: 1, withdrawOnDisconnect: {} }],
    ['request.ping', { id: 1, ping: { more: true } }],
  ])('The AsyncAPI document has not, as %s, what nobody may say: %j', (name, message) => {
    expect(whyNotDocumented(name, message)).toBeDefined();
  });

  it('The AsyncAPI document says of each code of closing what it means', async () => {
    const document = (await appOf(await openMarket()).inject('/asyncapi.json')).json<Record<string, unknown>>();
    expect(document['x-close-codes']).toEqual(closeCodeSays);
    expect(Object.keys(closeCodeSays).map(Number)).toEqual(Object.values(closeCodes));
  });
});
