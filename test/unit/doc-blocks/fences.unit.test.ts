import { describe, expect, it } from 'vitest';
import { fencesOf, withTexts } from '../../doc-blocks/fences.js';

const document = `# A page

<!-- run: times and rates vary; needs kafka, bash; exits with 3 -->

\`\`\`console
$ one
\`\`\`

- in a list

  <!-- file: a.ts -->
  \`\`\`ts
  let a = 1;
  \`\`\`

<!-- not run: it takes minutes -->
\`\`\`
plain
\`\`\`
`;

describe('the blocks of a document', () => {
  it('A block is found with its language, its line and its mark, in a list too', () => {
    const unmarked = { varying: [], needs: [], keepsRunning: false, exitCode: 0 };
    expect(fencesOf(document)).toEqual([
      {
        language: 'console',
        text: '$ one\n',
        line: 5,
        mark: { ...unmarked, varying: ['times', 'rates'], needs: ['kafka', 'bash'], exitCode: 3 },
      },
      { language: 'ts', text: 'let a = 1;\n', line: 12, mark: { ...unmarked, file: 'a.ts' } },
      { language: '', text: 'plain\n', line: 17, mark: { ...unmarked, notRun: 'it takes minutes' } },
    ]);
  });

  it('A mark that means nothing is refused with its line', () => {
    const marked = (mark: string): string => `\n<!-- run: ${mark} -->\n\`\`\`console\n$ one\n\`\`\`\n`;
    expect(() => fencesOf(marked('sometimes'))).toThrow('line 2: “sometimes” means nothing');
    expect(() => fencesOf(marked('colours vary'))).toThrow('line 2: colours cannot vary');
  });

  it('A block that does not end is refused', () => {
    expect(() => fencesOf('```console\n$ one\n')).toThrow('line 1: the block does not end');
  });

  it('New texts stand where the old ones stood, indented as they were', () => {
    const fresh = new Map([
      [5, '$ one\n1\n\n2\n'],
      [12, 'let b = 2;\nlet c = 3;\n'],
    ]);
    const changed = withTexts(document, fresh);
    expect(fencesOf(changed).map(({ text }) => text)).toEqual([fresh.get(5), fresh.get(12), 'plain\n']);
    expect(changed).toContain('\n  let c = 3;\n  ```\n');
    expect(withTexts(document, new Map())).toBe(document);
  });
});
