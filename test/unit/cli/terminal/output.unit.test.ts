import { PassThrough, Writable } from 'node:stream';
import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../../src/cli/terminal/output.js';

const ignore = (): void => undefined;

describe('Output', () => {
  it('Output draws lines in the place of those before, as many as the terminal has room for', async () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 10, rows: 4 });
    const out = new Output(stream, { NO_COLOR: '1' }, ignore);
    await out.redraw(['one', 'a line that wraps']);
    await out.redraw(['1', '2', '3', '4\u001b[2J']);
    await out.redraw(['end']);
    expect(String(stream.read())).toBe(
      'one\na line that wraps\n' + '\u001b[3A\u001b[J1\n2\n3\n' + '\u001b[3A\u001b[Jend\n',
    );
    expect(new Output(new PassThrough(), {}, ignore).canRedraw).toBe(false);
    expect(new Output(stream, { TERM: 'dumb' }, ignore).canRedraw).toBe(false);
    expect(out.canRedraw).toBe(true);
  });

  it('Output hands text over when it is flushed, in order', async () => {
    const stream = new PassThrough();
    const out = new Output(stream, {}, ignore);
    await out.line('one');
    await out.json({ two: 2 });
    expect(stream.read()).toBeNull();
    await out.flush();
    expect(String(stream.read())).toBe('one\n{"two":2}\n');
  });

  it('Output waits for a reader that is slower', async () => {
    let written = 0;
    const waiting: (() => void)[] = [];
    const stream = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        written += chunk.length;
        waiting.push(done);
      },
    });
    const out = new Output(stream, {}, ignore);
    let isThrough = false;
    const writing = (async () => {
      for (let count = 0; count < 4; count++) await out.line('x'.repeat(100_000));
      isThrough = true;
    })();
    for (let count = 1; count <= 4; count++) {
      await nextRound();
      expect({ written, isThrough }).toEqual({ written: count * 100_001, isThrough: false });
      waiting.shift()?.();
    }
    await writing;
  });

  it('Output tells once that the reader has gone, and drops what comes after', async () => {
    const told: string[] = [];
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const out = new Output(stream, {}, (error) => told.push(error.message));
    await out.line('one');
    await out.flush();
    await nextRound();
    await out.line('two');
    await out.flush();
    expect(told).toEqual(['write EPIPE']);
  });

  it.each<[terminal: boolean, pipe: boolean, env: NodeJS.ProcessEnv]>([
    [true, false, {}],
    [true, false, { NO_COLOR: '', FORCE_COLOR: '' }],
    [false, false, { TERM: 'dumb' }],
    [false, false, { NO_COLOR: '1' }],
    [true, true, { FORCE_COLOR: '1' }],
    [true, true, { FORCE_COLOR: 'yes', TERM: 'dumb' }],
    [false, false, { FORCE_COLOR: '0' }],
    [false, false, { FORCE_COLOR: 'false' }],
    [false, false, { FORCE_COLOR: '1', NO_COLOR: '1' }],
    [true, true, { FORCE_COLOR: '1', NO_COLOR: '' }],
  ])('Output colours a terminal (%s), and what is none (%s), as the environment says: %o', (terminal, pipe, env) => {
    const isBold = (isTTY: boolean): boolean =>
      new Output(Object.assign(new PassThrough(), { isTTY }), env, ignore).colors.bold('x') === '\u001b[1mx\u001b[22m';
    expect([isBold(true), isBold(false)]).toEqual([terminal, pipe]);
  });

  it('Output lets colours through to a terminal, and nothing else that could drive it or begin another line', async () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true });
    const out = new Output(stream, {}, ignore);
    await out.line(`${out.colors.bold('a')}\u001b[2J\u009b1m\u001b[8mb\nc\u202ed\u001b]0;e\u0007`);
    await out.write('f\tg\r\nh\u0000\n');
    await out.json({ '\u009b': '\u202e\u001b' });
    await out.flush();
    expect(String(stream.read())).toBe(
      '\u001b[1ma\u001b[22m\ufffd[2J\ufffd1m\ufffd[8mb\ufffdc\ufffdd\ufffd]0;e\ufffd\n' +
        'f\ufffdg\ufffd\nh\ufffd\n' +
        '{"\\u009b":"\\u202e\\u001b"}\n',
    );
  });
});
