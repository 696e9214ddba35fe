import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { printableLines } from '../../../../src/cli/terminal/printable.js';
import { prettyInto } from '../../../../src/app/serving/logging.js';

/** What a log at the terminal shows of what a server says. */
async function shown(isColoured: boolean, say: (logger: pino.Logger) => void): Promise<string> {
  let text = '';
  say(
    pino(
      { level: 'trace' },
      await prettyInto({ write: (line) => (text += line) }, isColoured, (lines) => printableLines(lines, isColoured)),
    ),
  );
  return text;
}

describe('a log for people', () => {
  it('A log for people has one line for each entry: when, how bad, what, and the fields that say more', async () => {
    const text = await shown(false, (logger) => logger.warn({ shard: 2, url: 'http://x' }, 'listening'));
    expect(text).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: listening \{"shard":2,"url":"http:\/\/x"\}\n$/);
  });

  it('A log for people shows where an error came from', async () => {
    const text = await shown(false, (logger) => logger.error({ err: new TypeError('oops') }, 'it failed'));
    expect(text).toContain('TypeError: oops\n');
    expect(text).toContain('logging.unit.test.ts');
  });

  it('A log for people has colours where they are wanted, at every level, and none elsewhere', async () => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
      const [coloured, plain] = [true, false].map((isColoured) =>
        shown(isColoured, (log) => log[level]({ a: 1 }, 'x')),
      );
      expect(await coloured).toContain('\u001b[');
      expect((await plain)?.replace(/\d/g, '')).toMatch(/^\[::\.\] [A-Z]+: x \{"a":\}\n$/);
      // eslint-disable-next-line no-control-regex -- colours are what is taken away
      expect((await coloured)?.replace(/\u001b\[\d+m|\d/g, '')).toBe((await plain)?.replace(/\d/g, ''));
    }
  });

  it.each([true, false])(
    'A log for people lets nothing from outside drive the terminal (in colours: %s)',
    async (isColoured) => {
      const text = await shown(isColoured, (logger) => {
        logger.info({ name: 'a\u001b[2J\u009b1m\u202e', err: new Error('b\u001b]0;c\u0007') }, 'd\u001b[8me\rf');
      });
      // eslint-disable-next-line no-control-regex -- a colour begins with one
      const uncoloured = text.replace(/\u001b\[(?:3\d|90|39)m/g, '');
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(uncoloured).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    },
  );
});
