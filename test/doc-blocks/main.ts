/** `npm run docs:update`: writes what the commands of the documents print now into their blocks. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { built } from '../support/cli/parley.js';
import { isNeed, NEEDS } from '../support/needs/table.js';
import { argumentsIn, ExitCode, runRig } from '../support/rig.js';
import { type Fence, withTexts } from './fences.js';
import { blocksOf, PageRun, pages, textOf } from './page.js';

const usage = `npm run docs:update -- [options] [pages]

Writes what the commands of the documents print now into their blocks, on the pages that are named or on all. Blocks that print what
they show stay as they are.

  --brokers HOST:PORT   a Kafka, for the blocks that need one
  --help                this
`;
const root = path.join(import.meta.dirname, '../..');

async function update(page: string, brokers: string | undefined): Promise<void> {
  const blocks: Fence[] = [];
  for (const block of blocksOf(page)) if (await hasWhatItNeeds(block, brokers)) blocks.push(block);
  const fresh = new Map<number, string>();
  const run = await PageRun.open(page, brokers);
  try {
    for (const block of blocks) {
      const { differences, text } = await run.take(block);
      if (differences.length > 0) fresh.set(block.line, text);
      for (const difference of differences) process.stdout.write(`${page}:${block.line}: ${difference}\n\n`);
    }
  } finally {
    await run.close();
  }
  if (fresh.size > 0) writeFileSync(path.join(root, page), withTexts(textOf(page), fresh));
  process.stdout.write(`${page}: ${blocks.length} blocks, ${fresh.size} written again\n`);
}

async function hasWhatItNeeds({ mark }: Fence, brokers: string | undefined): Promise<boolean> {
  for (const need of mark.needs) {
    const isThere = need === 'kafka' ? brokers !== undefined : isNeed(need) && (await NEEDS[need]()) === undefined;
    if (!isThere) return false;
  }
  return true;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsIn(args, { brokers: { type: 'string' } });
  await built(); // now: it would say so amid what a command prints
  for (const page of positionals.length > 0 ? positionals : pages()) await update(page, values.brokers);
  return ExitCode.Fine;
}

await runRig('docs:update', usage, main);
