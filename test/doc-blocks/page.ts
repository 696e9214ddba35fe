/** A document whose blocks are run, in order. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isShown } from './comparison.js';
import { blockOf, type Step, stepsOf } from './console-block.js';
import { type Fence, fencesOf } from './fences.js';
import { Names } from './names.js';
import { Session } from './session.js';

const root = path.join(import.meta.dirname, '../..');

/** Every document with something to copy, by its path from the root. */
export function pages(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
      .map((file) => path.posix.join(folder, file));
  const atRoot = readdirSync(root).filter((file) => file.endsWith('.md'));
  return [...atRoot, ...['docs', 'examples', 'infra', 'test'].flatMap(below)].sort();
}

export function textOf(page: string): string {
  return readFileSync(path.join(root, page), 'utf8');
}

/** All blocks of a page, from top to bottom. */
export function fencesIn(page: string): Fence[] {
  return fencesOf(textOf(page));
}

/** Those that are run, or saved for those that are run after them. */
export function blocksOf(page: string): Fence[] {
  return fencesIn(page).filter(
    ({ language, mark }) => (language === 'console' && mark.notRun === undefined) || mark.file !== undefined,
  );
}

/** What came of a block that was run. */
export interface Outcome {
  /** In a sentence each; none where it printed what it shows. */
  readonly differences: readonly string[];
  /** The block with what was printed now, where that is not what it shows. */
  readonly text: string;
}

export class PageRun {
  private constructor(private readonly session: Session) {}

  /** `brokers` is the Kafka that stands for the document's, where there is one. */
  static async open(page: string, brokers?: string): Promise<PageRun> {
    return new PageRun(Session.open(await Names.for(textOf(page), brokers)));
  }

  /** Saves the block, or runs its commands. */
  async take(fence: Fence): Promise<Outcome> {
    const { mark, text } = fence;
    if (mark.file !== undefined) {
      this.session.save(mark.file, text);
      return { differences: [], text };
    }
    const steps = stepsOf(text);
    const printed: Step[] = [];
    const differences: string[] = [];
    for (const [index, step] of steps.entries()) {
      const isLast = index === steps.length - 1;
      const { output, code } = await this.perform(step, fence, isLast);
      const wantedCode = isLast ? mark.exitCode : 0;
      if (code !== wantedCode) differences.push(`${step.command}\nends with ${code}, not ${wantedCode}:\n${output}`);
      const isSame = isShown(step.output, output, mark.varying);
      if (!isSame) differences.push(`${step.command}\nprints:\n${output}\nnot:\n${step.output}`);
      printed.push(isSame ? step : { ...step, output: output.trimEnd() });
    }
    return { differences, text: blockOf(printed) };
  }

  close(): Promise<void> {
    return this.session.close();
  }

  private async perform(
    { command, output }: Step,
    { mark }: Fence,
    isLast: boolean,
  ): Promise<{ output: string; code: number }> {
    if (!mark.keepsRunning || !isLast) return this.session.run(command);
    const lines = output.split('\n').length;
    const isEnough = (text: string): boolean => text.split('\n').length > lines;
    const said = await this.session.serve(command, isEnough);
    return { output: said.split('\n').slice(0, lines).join('\n'), code: 0 };
  }
}
