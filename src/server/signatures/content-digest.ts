/** What a body must be, by the field Content-Digest (RFC 9530). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Dictionary, parseDictionary } from 'structured-headers';
import { problem, type Problem } from '../../api/problem.js';

/** By the names of the registry; others are passed over, as the RFC wants it. */
const algorithms: ReadonlyMap<string, string> = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
]);

export class ContentDigest {
  private constructor(private readonly expected: ReadonlyMap<string, Uint8Array>) {}

  /** Of the field’s value. */
  static read(field: string): ContentDigest | Problem {
    let members: Dictionary;
    try {
      members = parseDictionary(field);
    } catch {
      return problem('SIGNATURE_INVALID', 'Content-Digest is not a dictionary of structured fields (RFC 9530)');
    }
    const expected = new Map<string, Uint8Array>();
    for (const [name, [value]] of members) {
      const algorithm = algorithms.get(name);
      if (algorithm === undefined) continue;
      if (!(value instanceof ArrayBuffer))
        return problem('SIGNATURE_INVALID', `Content-Digest: ${name} is bytes in base64, between two colons`);
      expected.set(algorithm, new Uint8Array(value));
    }
    if (expected.size > 0) return new ContentDigest(expected);
    return problem('SIGNATURE_INVALID', `Content-Digest has none of ${[...algorithms.keys()].join(' and ')}`);
  }

  /** Why this is not the body; undefined where it is. A text is taken as UTF-8. */
  whyNot(body: string | Buffer): Problem | undefined {
    for (const [algorithm, expected] of this.expected) {
      const actual = createHash(algorithm).update(body).digest();
      if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
        return problem('DIGEST_MISMATCH', 'the body is not the one that Content-Digest is of');
    }
    return undefined;
  }
}
