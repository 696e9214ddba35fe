import { beforeAll } from 'vitest';
import { blocksOf, pages } from '../../doc-blocks/page.js';
import { built } from '../../support/cli/parley.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { describePage } from './pages.js';

await describeWithServer('kafka', 'the documents that need a Kafka', ({ address }) => {
  beforeAll(built);
  for (const page of pages().filter((each) => blocksOf(each).some(({ mark }) => mark.needs.includes('kafka')))) {
    describePage(page, address);
  }
});
