import { describe, expect, it } from 'vitest';
import { blockOf, stepsOf } from '../../doc-blocks/console-block.js';

const block = `$ cat > a.txt <<'END'
$ no command
END
$ ls \\
  -l
a.txt

b.txt
$ true
`;

describe('the commands of a console block', () => {
  it('A command takes its here-document and continued lines along, and what follows is what it prints', () => {
    expect(stepsOf(block)).toEqual([
      { command: "cat > a.txt <<'END'\n$ no command\nEND", output: '' },
      { command: 'ls \\\n  -l', output: 'a.txt\n\nb.txt' },
      { command: 'true', output: '' },
    ]);
  });

  it('A block that is put together from its commands is what it was', () => {
    expect(blockOf(stepsOf(block))).toBe(block);
  });

  it('A block that begins with no command is refused', () => {
    expect(() => stepsOf('a.txt\n$ ls\n')).toThrow('begins with a command, not with: a.txt');
  });
});
