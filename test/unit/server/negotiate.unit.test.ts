import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preferred } from '../../../src/server/negotiate.js';
import { runs } from '../../support/property/runs.js';

const offered = ['application/json', 'image/svg+xml', 'text/vnd.mermaid', 'text/plain'] as const;
const of = (accept: string | undefined): string | undefined => preferred(accept, offered);

describe('the media type that a caller prefers', () => {
  it('The media type that a caller prefers is the first where the header says nothing, or everything', () => {
    for (const accept of [undefined, '', '  ', '*/*', 'text/html, */*;q=0.1']) {
      expect([accept, of(accept)]).toEqual([accept, 'application/json']);
    }
  });

  it('The media type that a caller prefers is the one with the highest weight, and of equals the first', () => {
    expect(of('text/plain')).toBe('text/plain');
    expect(of('text/*')).toBe('text/vnd.mermaid');
    expect(of('text/plain, image/svg+xml')).toBe('image/svg+xml');
    expect(of('text/plain;q=0.9, image/svg+xml;q=0.8')).toBe('text/plain');
    expect(of('IMAGE/SVG+XML ; Q=0.2 , application/json;q=0.1')).toBe('image/svg+xml');
  });

  it('The media type that a caller prefers goes by the range that names it most closely', () => {
    expect(of('*/*;q=0.9, application/json;q=0.1')).toBe('image/svg+xml');
    expect(of('text/*;q=0.9, text/vnd.mermaid;q=0, */*;q=0.1')).toBe('text/plain');
    expect(of('text/plain;q=0, text/*')).toBe('text/vnd.mermaid');
  });

  it('The media type that a caller prefers is none where it takes none', () => {
    for (const accept of [
      'image/png',
      'application/json;q=0',
      '*/*;q=0',
      'text',
      'text/',
      '/',
      'text/plain;version=2',
    ]) {
      expect([accept, of(accept)]).toEqual([accept, undefined]);
    }
  });

  it('The media type that a caller prefers is always one that there is, whatever the header', () => {
    const odd = fc.stringMatching(/^[a-z*/;=q.0-9, "]{0,40}$/);
    const property = fc.property(fc.oneof(odd, fc.string()), (accept) => {
      const found = of(accept);
      expect(found === undefined || (offered as readonly string[]).includes(found)).toBe(true);
    });
    fc.assert(property, runs(500));
  });
});
