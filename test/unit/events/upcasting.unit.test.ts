import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteCursor } from '../../../src/events/bytes.js';
import type { EventSchema } from '../../../src/events/catalogue.js';
import { generateCodec } from '../../../src/events/codegen/codec.js';
import { generateJournal } from '../../../src/events/codegen/journal.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';

/** A made-up event as its first writers knew it. */
const first: EventSchema = {
  code: 1,
  type: 'BellRung',
  version: 1,
  stream: 'shard',
  says: 'A bell was rung.',
  fields: { revision: 'integer', by: 'text', strokes: 'integer' },
};
const silence: EventSchema = {
  ...first,
  code: 2,
  type: 'BellFellSilent',
  says: 'It stopped.',
  fields: { revision: 'integer' },
};

/** Years later: strokes are no longer counted, and tone, flag and place have come. The first version stays, and says what they become. */
const retired: EventSchema = { ...first, upcast: { tone: 1, cracked: false, place: 'the market' } };
const second: EventSchema = {
  ...first,
  code: 3,
  version: 2,
  fields: { revision: 'integer', tone: ['high', 'low'], by: 'text', cracked: 'flag', place: 'text' },
};

type Told = readonly [string, Readonly<Record<string, unknown>>];

interface Generated {
  readonly EventEncoder: new (capacityBytes: number) => Record<string, (record: unknown) => void> & {
    readonly bytes: Uint8Array;
    readonly at: number;
  };
  readonly readEvent: (cursor: ByteCursor, journal: object) => number;
}

describe('a catalogue in which an event has a second version', () => {
  const folder = temporaryFolder();
  let before: Generated;
  let after: Generated;

  /** Compiles what the generator writes for a catalogue, and loads it. */
  async function load(name: string, schemas: readonly EventSchema[]): Promise<Generated> {
    const write = (path: string, source: string): string => {
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
      });
      const file = join(folder, name, path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, outputText);
      return file;
    };
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    write('events/bytes.js', readFileSync(new URL('../../../src/events/bytes.ts', import.meta.url), 'utf8'));
    write('domain/journal.generated.js', generateJournal(schemas));
    const codec = write('events/codec.generated.js', generateCodec(schemas));
    return (await import(/* @vite-ignore */ pathToFileURL(codec).href)) as Generated; // what the generator promises to export
  }

  /** Everything that a reader tells of some bytes. */
  function told({ readEvent }: Generated, bytes: Uint8Array): Told[] {
    const all: Told[] = [];
    const journal = new Proxy(
      {},
      {
        get: (_target, name) => (record: object) => all.push([String(name), { ...record }]),
      },
    );
    const cursor = new ByteCursor(bytes);
    while (cursor.at < cursor.end) readEvent(cursor, journal);
    return all;
  }

  function written({ EventEncoder }: Generated, events: readonly Told[]): Uint8Array {
    const encoder = new EventEncoder(64);
    for (const [method, record] of events) encoder[method]?.(record);
    return encoder.bytes.slice(0, encoder.at);
  }

  const old: readonly Told[] = [
    ['bellRung', { revision: 0, by: 'the sexton', strokes: 12 }],
    ['bellFellSilent', { revision: 1 }],
    ['bellRung', { revision: 2, by: '', strokes: 0 }],
  ];

  const boy: Told = ['bellRung', { revision: 3, tone: 0, by: 'a boy', cracked: true, place: 'the harbour' }];

  beforeAll(async () => {
    before = await load('before', [first, silence]);
    after = await load('after', [retired, silence, second]);
  });
  afterAll(() => {
    removeFolder(folder);
  });

  it('A catalogue in which an event has a second version reads what its first version wrote in the form of the second', () => {
    expect(told(before, written(before, old))).toEqual(old);
    expect(told(after, written(before, old))).toEqual([
      ['bellRung', { revision: 0, tone: 1, by: 'the sexton', cracked: false, place: 'the market' }],
      ['bellFellSilent', { revision: 1 }],
      ['bellRung', { revision: 2, tone: 1, by: '', cracked: false, place: 'the market' }],
    ]);
  });

  it('A catalogue in which an event has a second version writes the second version alone, and reads it as it is', () => {
    const news = [boy];
    const bytes = written(after, news);
    expect(bytes[0]).toBe(3);
    expect(told(after, bytes)).toEqual(news);
  });

  it('A catalogue in which an event has a second version reads a log that holds both', () => {
    const bytes = Buffer.concat([written(before, old.slice(0, 1)), written(after, [boy])]);
    expect(told(after, bytes)).toHaveLength(2);
  });

  it('A catalogue in which an event has a second version cannot be read by the program before it, which says so', () => {
    const bytes = written(after, [boy]);
    expect(() => told(before, bytes)).toThrow('no event has the code 3');
  });

  it('A catalogue in which an event has a second version is not generated when the old version does not say what a new field becomes', () => {
    const forgetful = { ...retired, upcast: { tone: 1 } };
    expect(() => generateCodec([forgetful, silence, second])).toThrow('does not say what cracked becomes');
  });

  it('A catalogue in which an event has a second version is not generated without a current version', () => {
    expect(() => generateCodec([retired])).toThrow('BellRung has no current version');
  });
});
