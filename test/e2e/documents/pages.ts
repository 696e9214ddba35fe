/** A suite for each page of the documents: its blocks, run in order in one shell, print what they show. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, PageRun } from '../../doc-blocks/page.js';
import { isNeed, type Need } from '../../support/needs/table.js';
import { skipWithout } from '../../support/needs/suite.js';
import { testcontainersSettings } from '../../support/servers/testcontainers.js';

/** `brokers` is the Kafka of the suite; without one, the blocks that need it are left to the system suite. */
export function describePage(page: string, brokers?: string): void {
  const blocks = blocksOf(page).filter(({ mark }) => brokers !== undefined || !mark.needs.includes('kafka'));

  if (!blocks.some(({ language }) => language === 'console')) return;

  describe(page, () => {
    let run: PageRun;
    beforeAll(async () => {
      // Its programs may start containers.
      if (blocks.some(({ mark }) => mark.needs.includes('parley-image'))) {
        Object.assign(process.env, await testcontainersSettings());
      }
      run = await PageRun.open(page, brokers);
    });
    afterAll(() => run.close());

    it.for(blocks.map((block) => [block.line, block] as const))(
      'The block prints what it shows: line %i',
      async ([, block], context) => {
        for (const need of block.mark.needs) await skipWithout(context, needNamed(need));
        const { differences } = await run.take(block);
        expect(differences, 'npm run docs:update writes what is printed now').toEqual([]);
      },
    );
  });
}

function needNamed(name: string): Need {
  if (!isNeed(name)) throw new Error(`test/support/needs knows no ${name}`);
  return name;
}
