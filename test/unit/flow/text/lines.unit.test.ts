import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_LINE_BYTES } from '../../../../src/flow/text/line-splitter.js';
import { linesOf, readLines, type LineChunk } from '../../../../src/flow/text/lines.js';
import { chunksOf, failureOf, flowErrorOf, linesIn } from '../reading.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-flow-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(content: Uint8Array | string, extension = '.txt'): string {
  const path = join(folder, `${randomUUID()}${extension}`);
  writeFileSync(path, content);
  return path;
}

function canBeRead(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch {
    return false;
  }
}

function becomeNobody(): void {
  try {
    process.seteuid?.(65_534);
  } catch {
    // Where users are mapped there may be none but one.
  }
}

describe('lines', () => {
  it('Lines come without LF or CR LF, the last one also without a line end', async () => {
    expect(await linesIn(chunksOf('one\ntwo\r\n\nfour'))).toEqual(['one', 'two', '', 'four']);
  });

  it('Lines keep their numbers across chunks', async () => {
    const chunks: LineChunk[] = [];
    const text = Array.from({ length: 30_000 }, (_, index) => `line ${index + 1}\n`).join('');
    for await (const chunk of chunksOf(text)) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) expect(chunk.lines[0]).toBe(`line ${chunk.firstLineNumber}`);
  });

  it('Lines are whole when a character is cut in two', async () => {
    const bytes = Buffer.from('# grün\n# 株\n');
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await linesIn(chunksOf(...pieces))).toEqual(['# grün', '# 株']);
  });

  it('Lines do without the byte order mark that may precede the first', async () => {
    expect(await linesIn(chunksOf('\ufeffpost\n\ufeffpost\n'))).toEqual(['post', '\ufeffpost']);
  });

  it('Lines come from a path, with the bytes read and the size of the file', async () => {
    const path = fileWith('post 1 B 5 5\n'.repeat(20_000));
    const reads: [number, number | undefined][] = [];
    for await (const chunk of readLines(path)) reads.push([chunk.bytesRead, chunk.totalBytes]);
    expect(reads[0]?.[0]).toBeLessThan(260_000);
    expect(reads.at(-1)).toEqual([260_000, 260_000]);
  });

  it('Lines come from stdin as they arrive, before it ends', async () => {
    const stdin = new PassThrough();
    const chunks = readLines('-', { stdin });
    stdin.write('first\nsec');
    expect(await chunks.next()).toMatchObject({ value: { file: 'stdin', lines: ['first'], totalBytes: undefined } });
    stdin.end('ond');
    expect(await chunks.next()).toMatchObject({ value: { lines: ['second'], firstLineNumber: 2 } });
    expect((await chunks.next()).done).toBe(true);
  });

  it('Lines release the stream when the reader stops early', async () => {
    const stdin = new PassThrough();
    stdin.write('first\n');
    for await (const chunk of readLines('-', { stdin })) {
      expect(chunk.lines).toEqual(['first']);
      break;
    }
    expect(stdin.destroyed).toBe(true);
  });
});

describe('lines of a compressed file', () => {
  it('Lines of a compressed file are read whatever the file is called, and plain text is read though it is called .gz', async () => {
    expect(await linesIn(readLines(fileWith(gzipSync('packed\n'), '.txt')))).toEqual(['packed']);
    expect(await linesIn(readLines(fileWith('plain\n', '.gz')))).toEqual(['plain']);
  });

  it('Lines of a compressed file are read from stdin, byte by byte, and from several members', async () => {
    const bytes = Buffer.concat([gzipSync('one\ntw'), gzipSync('o\n')]);
    const stdin = Readable.from(Array.from(bytes, (byte) => Buffer.of(byte)));
    expect(await linesIn(readLines('-', { stdin }))).toEqual(['one', 'two']);
  });

  it('Lines of a compressed file report the compressed bytes as read', async () => {
    const packed = gzipSync('post 1 B 5 5\n'.repeat(50_000));
    let last: LineChunk | undefined;
    for await (const chunk of readLines(fileWith(packed, '.gz'))) last = chunk;
    expect(last).toMatchObject({ bytesRead: packed.length, totalBytes: packed.length });
  });

  it('Lines of a compressed file end in an error where the data are cut short, at whatever byte', async () => {
    const packed = gzipSync('post 1 B 5 5\npost 2 S 5 5\n');
    for (let length = 2; length < packed.length; length += 1) {
      const error = await flowErrorOf(() => linesIn(chunksOf(packed.subarray(0, length))));
      expect(error?.code).toBe('FLOW_DAMAGED_GZIP');
    }
  });

  it('Lines of a compressed file never differ from what was packed without an error, whichever bit is flipped', async () => {
    const text = Array.from({ length: 20 }, (_, index) => `post ${index} B ${index * 7919} 5`).join('\n');
    const packed = gzipSync(text);
    for (let bit = 0; bit < packed.length * 8; bit += 1) {
      const flipped = Buffer.from(packed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      let lines: string[] = [];
      const error = await flowErrorOf(async () => (lines = await linesIn(chunksOf(flipped))));
      if (error === undefined) expect(lines.join('\n')).toBe(text);
      else expect(['FLOW_DAMAGED_GZIP', 'FLOW_NOT_TEXT']).toContain(error.code);
    }
  });

  it('Lines of a compressed file end in an error where something else follows them', async () => {
    for (const tail of ['\0\0\0', '\0post 2 B 5 5\n', 'post 2 B 5 5\n']) {
      expect(await failureOf(() => linesIn(chunksOf(gzipSync('a\n'), tail)))).toEqual(['FLOW_DAMAGED_GZIP', 2]);
      const glued = Buffer.concat([gzipSync('a\n'), Buffer.from(tail)]);
      expect((await flowErrorOf(() => linesIn(chunksOf(glued))))?.code).toBe('FLOW_DAMAGED_GZIP');
    }
  });
});

/** A stand-in for a file of endless lines: counts how much of it was asked for. */
function endless(totalBytes: number, start: string): { stream: Readable; servedBytes: () => number } {
  let servedBytes = 0;
  function* serve(): Generator<Buffer> {
    yield Buffer.from(start);
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (; servedBytes < totalBytes; servedBytes += piece.length) yield piece;
  }
  return { stream: Readable.from(serve(), { highWaterMark: 2 }), servedBytes: () => servedBytes };
}

describe('a line that is too long', () => {
  it('A line that is too long of 200 MB is refused after its first MiB', async () => {
    const { stream, servedBytes } = endless(200_000_000, 'post 1 B 5 5\npost ');
    const lines = linesOf({ file: 'long.txt', stream, totalBytes: undefined });
    const error = await flowErrorOf(() => linesIn(lines));
    expect(error).toMatchObject({ code: 'FLOW_LINE_TOO_LONG', where: { file: 'long.txt', line: 2 } });
    expect(error?.message).toMatch(/^long\.txt:2: the line is longer than 1048576 bytes$/);
    expect(servedBytes()).toBeLessThan(2 * MAX_LINE_BYTES);
  });

  it('A line that is too long of 200 MB that comes from 200 kB of gzip is refused, and the rest never unpacked', async () => {
    const path = fileWith(gzipSync(Buffer.alloc(200_000_000, 'x')), '.gz');
    const unpacked = vi.spyOn(Object.getPrototypeOf(createGunzip()) as Readable, 'push'); // of each stream that unpacks
    onTestFinished(() => {
      unpacked.mockRestore();
    });
    expect(await failureOf(() => linesIn(readLines(path)))).toEqual(['FLOW_LINE_TOO_LONG', 1]);
    const bytes = unpacked.mock.calls.map(([piece]) => (piece as Buffer | null)?.length ?? 0); // null ends it
    const sum = bytes.reduce((before, each) => before + each, 0);
    expect(sum).toBeGreaterThan(MAX_LINE_BYTES);
    expect(sum).toBeLessThan(2 * MAX_LINE_BYTES);
  });

  it('A line that is too long is one byte longer than the longest line accepted', async () => {
    const longest = 'x'.repeat(MAX_LINE_BYTES);
    expect(await linesIn(chunksOf(`${longest}\n${longest}`))).toEqual([longest, longest]);
    expect(await failureOf(() => linesIn(chunksOf(`a\n${longest}x\n`)))).toEqual(['FLOW_LINE_TOO_LONG', 2]);
    expect(await failureOf(() => linesIn(chunksOf(`a\n${longest}x`)))).toEqual(['FLOW_LINE_TOO_LONG', 2]);
  });

  it('A line is accepted a byte at a time without being copied for each', async () => {
    const bytes = Buffer.alloc(300_000, 'x');
    function* serve(): Generator<Buffer> {
      for (let index = 0; index < bytes.length; index += 1) yield bytes.subarray(index, index + 1);
    }
    let madeBytes = 0;
    const counted = <Made extends Buffer>(made: Made): Made => {
      madeBytes += made.length;
      if (madeBytes > 4 * bytes.length) throw new Error('it is copied again and again');
      return made;
    };
    const { alloc, concat } = Buffer;
    const spies = [
      vi.spyOn(Buffer, 'alloc').mockImplementation((...given) => counted(alloc(...given))),
      vi.spyOn(Buffer, 'concat').mockImplementation((...given) => counted(concat(...given))),
    ];
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
    });
    const lines = linesOf({ file: 'slow.txt', stream: Readable.from(serve()), totalBytes: undefined });
    expect((await linesIn(lines))[0]).toHaveLength(bytes.length);
    expect(madeBytes).toBeGreaterThanOrEqual(bytes.length);
  });
});

describe('what is no file of lines', () => {
  it('What is no file of lines is refused when it is empty, or has blank lines only', async () => {
    for (const content of ['', '\n', ' \r\n\n   ']) {
      const error = await flowErrorOf(() => linesIn(chunksOf(content)));
      expect(error).toMatchObject({ code: 'FLOW_EMPTY', where: { line: undefined }, message: 'made-up.txt: is empty' });
    }
    expect(await failureOf(() => linesIn(chunksOf(gzipSync(''))))).toEqual(['FLOW_EMPTY', undefined]);
    expect(await failureOf(() => linesIn(readLines('-', { stdin: Readable.from([]) })))).toEqual([
      'FLOW_EMPTY',
      undefined,
    ]);
  });

  it('What is no file of lines is refused when it is missing or a directory', async () => {
    const missing = join(folder, 'missing.txt');
    expect((await flowErrorOf(() => linesIn(readLines(missing))))?.message).toBe(`${missing}: no such file`);
    const directory = join(folder, 'directory.txt');
    mkdirSync(directory);
    expect((await flowErrorOf(() => linesIn(readLines(directory))))?.message).toBe(`${directory}: is a directory`);
  });

  it('What is no file of lines is refused when it may not be read', async (context) => {
    const path = fileWith('secret\n');
    chmodSync(path, 0);
    // A superuser may read everything, so it becomes somebody else for a moment.
    if (canBeRead(path)) {
      becomeNobody();
      onTestFinished(() => process.seteuid?.(0));
      if (canBeRead(path)) context.skip('the user who runs this may read everything, and can become nobody else');
    }
    const error = await flowErrorOf(() => linesIn(readLines(path)));
    expect(error).toMatchObject({ code: 'FLOW_UNREADABLE', message: `${path}: permission denied` });
  });

  it('What is no file of lines is refused when it breaks off in the middle, with the line reached', async () => {
    async function* serve(): AsyncGenerator<Buffer> {
      yield Buffer.from('one\ntwo\n');
      throw new Error('input/output error');
    }
    const lines = linesOf({ file: 'disk.txt', stream: Readable.from(serve()), totalBytes: undefined });
    const error = await flowErrorOf(() => linesIn(lines));
    expect(error?.message).toBe('disk.txt:3: cannot be read: input/output error');
  });

  it.each([
    ['a NUL byte', Buffer.from('one\ntwo\nth\0ree\nfour\n'), 'the line holds a NUL byte'],
    ['a byte that is not UTF-8', Buffer.from('one\ntwo\nth\xffree\nfo\0ur\n', 'latin1'), 'the line is not UTF-8'],
    ['a character cut off at the end', Buffer.from('one\ntwo\nthr\xc3', 'latin1'), 'the line is not UTF-8'],
    ['a lone surrogate', Buffer.from('one\ntwo\n\xed\xa0\x80\n', 'latin1'), 'the line is not UTF-8'],
  ])('What is no file of lines is refused for %s, with its line', async (_, bytes, problem) => {
    const error = await flowErrorOf(() => linesIn(chunksOf(bytes)));
    expect(error).toMatchObject({ code: 'FLOW_NOT_TEXT', where: { line: 3 }, message: `made-up.txt:3: ${problem}` });
  });
});
