import { textOf } from './files.js';

export interface Instruction {
  readonly keyword: string;
  readonly args: string;
}

/** The instructions of a Dockerfile, comments left out and continued lines joined. Not for here-documents. */
export function instructionsOf(file: string): Instruction[] {
  const lines = textOf(file)
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  return lines.map((line) => {
    const [keyword = '', ...args] = line.split(' ');
    return { keyword, args: args.join(' ') };
  });
}

/** A command in its exec form. Throws for the shell form: a shell in between would keep signals from what it runs. */
export function execForm(args: string): string[] {
  return JSON.parse(args) as string[]; // what is not a list of strings fails where it is used
}
