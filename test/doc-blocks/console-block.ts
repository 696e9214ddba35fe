/** A console block: commands after `$ `, each with what it prints. */

export interface Step {
  /** As it stands, with the lines that continue it: after a backslash, or up to the end of a here-document. */
  readonly command: string;
  /** What stands below it; empty where it prints nothing. */
  readonly output: string;
}

/** The commands of a block, in order. Throws where something is printed before the first. */
export function stepsOf(text: string): Step[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const steps: Step[] = [];
  let index = 0;
  while (index < lines.length) {
    const first = lines[index] ?? '';
    if (!first.startsWith('$ ')) throw new Error(`a console block begins with a command, not with: ${first}`);
    const end = endOfCommand(lines, index);
    const command = [first.slice(2), ...lines.slice(index + 1, end)].join('\n');
    let next = end;
    while (next < lines.length && lines[next]?.startsWith('$ ') !== true) next++;
    steps.push({ command, output: lines.slice(end, next).join('\n') });
    index = next;
  }
  return steps;
}

/** The block that these steps stand in. */
export function blockOf(steps: readonly Step[]): string {
  return steps.map(({ command, output }) => `$ ${command}\n${output === '' ? '' : `${output}\n`}`).join('');
}

/** The index behind the last line of the command that begins at `index`. */
function endOfCommand(lines: readonly string[], index: number): number {
  let end = index;
  while (lines[end]?.endsWith('\\') === true) end++;
  const delimiter = /<<-?\s*(['"]?)(\w+)\1/.exec(lines.slice(index, end + 1).join('\n'))?.[2];
  if (delimiter !== undefined) {
    do end++;
    while (end < lines.length && lines[end]?.trim() !== delimiter);
  }
  return end + 1;
}
