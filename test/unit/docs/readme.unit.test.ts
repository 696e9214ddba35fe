import { describe, expect, it } from 'vitest';
import { textOf } from './documents.js';

describe('the README', () => {
  it('The README has at most 150 lines: what is longer stands in the documents that it links', () => {
    expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });
});
