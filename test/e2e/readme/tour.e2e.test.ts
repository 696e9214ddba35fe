import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parley } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const readme = readFileSync(path.join(import.meta.dirname, '../../../README.md'), 'utf8');

interface Shown {
  readonly args: readonly string[];
  readonly output: string;
}

/** The commands on the log `day` that the README shows, with what it shows of their output. */
function shownCommands(): Shown[] {
  const blocks = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split(/^\$ /m))
    .filter((part) => /^npx parley .*--data day\n/.test(part))
    .map((part) => {
      const [command = '', ...output] = part.split('\n');
      return { args: command.split(' ').slice(2), output: output.join('\n') };
    });
}

/** Where batches are cut, and so positions and digests, may differ from one time to the next; times do. */
function withoutNumbers(text: string): string {
  return text
    .replace(/[0-9a-f]{64}/g, '#')
    .replace(/\d[\d,.:TZ-]*/g, '#')
    .replace(/ +/g, ' ')
    .trim();
}

describe('the tour in the README', () => {
  const folder = commandLineFolder();
  beforeAll(async () => {
    const flow = /\$ cat > morning\.txt <<'END'\n([\s\S]*?)END\n/.exec(readme)?.[1] ?? '';
    await writeFile(path.join(folder, 'morning.txt'), flow);
  });

  it('The tour in the README prints what the README shows', async () => {
    const shown = shownCommands();
    expect(shown.length).toBeGreaterThanOrEqual(6);
    for (const { args, output } of shown) {
      const { stdout, stderr, code } = await parley(args, { cwd: folder, env: { NO_COLOR: '1' } });
      expect(code, stderr).toBe(0);
      expect(withoutNumbers(stdout)).toBe(withoutNumbers(output));
    }
  });
});
