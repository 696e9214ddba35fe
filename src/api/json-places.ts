/**
 * Where things stand in a text of JSON, for messages that must not quote it: what the parser itself says of a fault repeats what stands
 * around it, and that may be a secret.
 */

/** Offset of the first character at which a text cannot be JSON any more; undefined where it is JSON. */
export function faultIn(text: string): number | undefined {
  return new Scan(text).run().fault;
}

/** Offsets of the elements of the array that a text holds as `{"…": [element, …]}`; of the last, where it holds several. */
export function elementsIn(text: string): readonly number[] {
  return new Scan(text).run().elements;
}

/** `line 3, column 14`, both from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const LETTERS = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y; // eslint-disable-line no-control-regex -- JSON forbids them
/** Nothing that is read here is nested so deeply. */
const DEEPEST = 100;

class Scan {
  fault: number | undefined;
  elements: number[] = [];
  private at = 0;

  constructor(private readonly text: string) {}

  run(): this {
    const isWhole = this.value(0) && this.at === this.text.length;
    if (!isWhole) this.fault = this.at;
    return this;
  }

  /** Each step tells whether it found what it looked for; where it did not, the scan stands at the fault. */
  private value(depth: number): boolean {
    this.skip(SPACE);
    if (depth > DEEPEST) return false;
    const isRead = this.anything(depth);
    if (isRead) this.skip(SPACE);
    return isRead;
  }

  private anything(depth: number): boolean {
    switch (this.text[this.at]) {
      case '{':
        return this.list('}', () => this.string() && this.colon() && this.value(depth + 1));
      case '[':
        if (depth === 1) this.elements = [];
        return this.list(']', () => this.element(depth + 1));
      case '"':
        return this.string();
      default:
        return this.skip(WORD) || this.skip(NUMBER);
    }
  }

  private element(depth: number): boolean {
    if (depth === 2) this.elements.push(this.at);
    return this.value(depth);
  }

  private list(end: string, item: () => boolean): boolean {
    this.at++;
    this.skip(SPACE);
    if (this.take(end)) return true;
    for (;;) {
      this.skip(SPACE);
      if (!item()) return false;
      if (this.take(end)) return true;
      if (!this.take(',')) return false;
    }
  }

  private string(): boolean {
    if (!this.take('"')) return false;
    this.skip(LETTERS);
    return this.take('"');
  }

  private colon(): boolean {
    this.skip(SPACE);
    return this.take(':');
  }

  private take(character: string): boolean {
    const isThere = this.text[this.at] === character;
    if (isThere) this.at++;
    return isThere;
  }

  /** Whether anything was passed. */
  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const [passed = ''] = pattern.exec(this.text) ?? [];
    this.at += passed.length;
    return passed !== '';
  }
}
