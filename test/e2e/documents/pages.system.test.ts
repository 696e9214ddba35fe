import { beforeAll } from 'vitest';
import { pages } from '../../doc-blocks/page.js';
import { built } from '../../support/cli/parley.js';
import { describeWith } from '../../support/needs/suite.js';
import { describePage } from './pages.js';

await describeWith(['bash', 'curl'], 'the documents', () => {
  beforeAll(built);
  for (const page of pages()) describePage(page);
});
