import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { anchorSink, type AnchorSink } from '../../../../src/app/anchors/anchor-sink.js';
import { Anchoring } from '../../../../src/app/anchors/anchoring.js';
import { anchorsIn, mustBeAnchors, tellOfFirst } from '../../../../src/app/anchors/kept-anchors.js';
import { parseAnchor } from '../../../../src/log/anchor.js';
import { contradictions, digestBefore } from '../../../../src/log/evidence.js';
import { VirtualTime } from '../../../support/time/virtual-time.js';
import { History } from '../../../support/history/history.js';
import { logOf } from '../../../support/history/history-log.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

const EVERY_MS = 60_000;

/** Stands in for a file or a URL; fails when a test says so. */
class HeldSink implements AnchorSink {
  readonly name = 'held';
  readonly lines: string[] = [];
  failure: Error | undefined;

  write(lines: readonly string[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.lines.push(...lines);
    return Promise.resolve();
  }
}

class Told {
  readonly told: string[] = [];
  readonly info = (_details: object, message: string): unknown => this.told.push(`info: ${message}`);
  readonly warn = (_details: object, message: string): unknown => this.told.push(`warn: ${message}`);
  readonly error = (_details: object, message: string): unknown => this.told.push(`error: ${message}`);
}

/** A history that ends a batch each time a test says so. */
class Growing extends History {
  readonly alice = this.admit('alice');
  readonly acme = this.list('ACME');

  grow(): number {
    this.post(this.alice, this.acme, 'sell', 100, 5);
    this.seal();
    return this.head;
  }
}

let time: VirtualTime;
let sink: HeldSink;
let logger: Told;
let histories: Growing[];
let anchoring: Anchoring;
beforeEach(() => {
  time = new VirtualTime();
  sink = new HeldSink();
  logger = new Told();
  histories = [new Growing(), new Growing()];
  anchoring = new Anchoring({
    ...{ sink, logger, everyMs: EVERY_MS, clock: time.clock, scheduler: time.scheduler },
    log: (shard) => logOf(histories[shard] ?? new Growing()),
  });
});

function grow(shard: number): number {
  const head = histories[shard]?.grow() ?? 0;
  anchoring.advance(shard, head);
  return head;
}

/** Of the lines written so far: the places and times, after the digests have been found in the logs. */
async function written(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const line of sink.lines) {
    const [text = '', at = ''] = line.split(' ');
    const anchor = parseAnchor(text);
    const history = histories[anchor?.shard ?? 9];
    if (anchor === undefined || history === undefined) throw new Error(`no anchor: ${line}`);
    expect(await digestBefore(logOf(history), anchor.position)).toBe(anchor.digest);
    found.push(`${anchor.shard ?? 0}/${anchor.position} ${at}`);
  }
  return found;
}

describe('anchoring', () => {
  it('Anchoring writes an anchor of each shard that has become longer, at an interval, and nothing where nothing is new', async () => {
    await time.pass(EVERY_MS);
    expect(sink.lines).toEqual([]);
    grow(0);
    const [first, second] = [grow(0), grow(1)];
    expect(sink.lines).toEqual([]);
    await time.pass(EVERY_MS);
    const at = new Date(time.clock()).toISOString();
    expect(await written()).toEqual([`0/${first} ${at}`, `1/${second} ${at}`]);
    await time.pass(3 * EVERY_MS);
    expect(sink.lines).toHaveLength(2);
    grow(1);
    await time.pass(EVERY_MS);
    expect(sink.lines).toHaveLength(3);
  });

  it('Anchoring writes what is left at the end, and nothing after it', async () => {
    const head = grow(0);
    await anchoring.end();
    expect(await written()).toEqual([`0/${head} ${new Date(time.clock()).toISOString()}`]);
    grow(0);
    await time.pass(5 * EVERY_MS);
    await anchoring.end();
    expect(sink.lines).toHaveLength(1);
  });

  it('Anchoring tells once that it fails, tries again with what is durable then, and tells once that it works', async () => {
    sink.failure = new Error('the disk is full');
    grow(0);
    await time.pass(3 * EVERY_MS);
    expect(logger.told).toEqual(['warn: an anchor could not be written; it is tried again']);
    const head = grow(0);
    sink.failure = undefined;
    await time.pass(2 * EVERY_MS);
    expect(await written()).toEqual([expect.stringContaining(`0/${head} `)]);
    expect(logger.told.slice(1)).toEqual(['info: anchors are written again']);
    sink.failure = new Error('again');
    grow(0);
    await expect(anchoring.end()).resolves.toBeUndefined();
    expect(logger.told).toHaveLength(3);
  });

  it('Anchoring writes for one shard what it cannot for another', async () => {
    anchoring.advance(0, 999);
    const head = grow(1);
    await time.pass(EVERY_MS);
    expect(await written()).toEqual([expect.stringContaining(`1/${head} `)]);
    expect(logger.told).toHaveLength(1);
  });
});

describe('a file of anchors', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder, 'anchors.txt');
  });
  afterEach(() => removeFolder(folder));

  const [one, two] = [
    `0/5:${'a'.repeat(64)} 2026-01-01T00:00:00.000Z`,
    `1/7:${'b'.repeat(64)} 2026-01-01T00:00:00.000Z`,
  ];

  it('A file of anchors grows by whole lines, and a line that a crash tore is gone', async () => {
    await anchorSink(file).write([one]);
    await anchorSink(file).write([two]);
    expect(fs.readFileSync(file, 'utf8')).toBe(`${one}\n${two}\n`);
    for (let length = 1; length < one.length; length++) {
      fs.writeFileSync(file, `${two}\n${one.slice(0, length)}`);
      await anchorSink(file).write([two]);
      const [first, ...rest] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
      expect([first, rest.at(-1)]).toEqual([two, two]);
      expect(rest.map((line) => parseAnchor(line.split(' ')[0] ?? ''))).not.toContain(undefined);
    }
    fs.writeFileSync(file, '# mine');
    await anchorSink(file).write([one]);
    expect(fs.readFileSync(file, 'utf8')).toBe(`# mine\n${one}\n`);
  });

  it('A file of anchors is evidence for the shard that it speaks of, and none where it is not there yet', async () => {
    expect(anchorsIn(file, 0)).toEqual([]);
    expect(anchorsIn('http://127.0.0.1/anchors', 0)).toEqual([]);
    const history = new Growing();
    const head = history.grow();
    const digest = await digestBefore(logOf(history), head);
    fs.writeFileSync(file, `# kept\n${head}:${digest}\n${one}\n${two}\n`);
    expect(anchorsIn(file, 1)).toEqual([{ source: `${file}:4`, position: 7, digest: 'b'.repeat(64) }]);
    const found = await contradictions(logOf(history), head, anchorsIn(file, 0));
    expect(found.map(({ source }) => source)).toEqual([`${file}:3`]);
    expect(() => anchorsIn(folder, 0)).toThrow('EISDIR');
  });

  it('A file of anchors is passed over where a crash tore its last line, which is reported, and refused where another line is no anchor', () => {
    const warned = (): string[] => logger.told.splice(0);
    for (const torn of [one.slice(0, 1), one.slice(0, 20), one.slice(0, 67), '\0\0\0', `${one.slice(0, 9)}\0\0`]) {
      fs.writeFileSync(file, `${one}\n${torn}`);
      mustBeAnchors(file, logger);
      expect(warned()).toEqual([`warn: ${file}:2: the end of an anchor is missing: it is passed over`]);
      expect(anchorsIn(file, 0)).toHaveLength(1);
    }
    for (const [content, says] of [
      [`${one}\n${two.slice(0, 20)}\n${one}\n`, `${file}:2: "1/7:bbbbbbbbbbbbbbbb" is no anchor: an anchor is `],
      [`x\n${one}\ny\n\n# z\nz\n`, `${file}:1: "x" is no anchor, nor are lines 3, 6: an anchor is `],
      [`${one}\n0/5:${'\0'.repeat(3)}x`, `${file}:2: "0/5:\\u0000\\u0000\\u0000x" is no anchor: `],
    ] as const) {
      fs.writeFileSync(file, content);
      expect(() => mustBeAnchors(file, logger)).toThrow(says);
      expect(() => anchorsIn(file, 0)).toThrow(says);
    }
    expect(warned()).toEqual([]);
  });

  it('A file of anchors is reported where it holds nothing of a shard yet, as news of one that is not new', () => {
    const tell = (held: ReturnType<typeof anchorsIn>, place: string | undefined, epoch: number): string[] => {
      tellOfFirst({ place, held }, 0, epoch, logger);
      return logger.told.splice(0);
    };
    expect(tell([], file, 1)).toEqual(['info: begins a new file of anchors']);
    expect(tell([], file, 2)).toEqual([expect.stringMatching(/^warn: begins a new file of anchors, though the shard/)]);
    expect(tell([], undefined, 2)).toEqual([]);
    expect(tell([], 'https://keeper.example', 2)).toEqual([]);
    fs.writeFileSync(file, `${one}\n`);
    expect(tell(anchorsIn(file, 0), file, 2)).toEqual([]);
  });
});

describe('anchors over HTTP', () => {
  it('Anchors over HTTP are posted as text; what is refused or away fails', async () => {
    const taken: string[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (text: Buffer) => (body += text.toString()));
      request.on('end', () => {
        taken.push(
          `${request.method} ${request.url} ${request.headers['content-type']} ${request.headers.authorization ?? ''} ${body}`,
        );
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const posted = anchorSink(`http://127.0.0.1:${port}/keep?token=secret`);
    onTestFinished(() => void server.close());
    await posted.write(['0/5:ab 2026']);
    expect(taken).toEqual(['POST /keep?token=secret text/plain; charset=utf-8  0/5:ab 2026\n']);
    expect(posted.name).toBe(`http://127.0.0.1:${port}/keep`);
    await anchorSink(`http://me:p%40ss@127.0.0.1:${port}/`).write(['y']);
    expect(taken[1]).toContain(`Basic ${Buffer.from('me:p@ss').toString('base64')} y`);
    status = 503;
    await expect(posted.write(['x'])).rejects.toThrow('answers 503');
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
    await expect(posted.write(['x'])).rejects.toThrow();
  });
});
