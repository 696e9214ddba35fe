/**
 * The pages that are made from the code. `npm run docs` writes them; a test holds those in the repository against what it would write.
 *
 * A page is a module under `pages` that exports a function which gives its Markdown, or its JSON, and an entry here. It says nothing that the code does
 * not say: where a table of the code lacks a word, the word is added there.
 */
import { resolveConfig } from 'prettier';
import { formatted } from './markdown.js';
import { commandLinePage } from './pages/command-line.js';
import { configurationPage } from './pages/configuration.js';
import { errorsPage } from './pages/errors.js';
import { eventLayoutsPage } from './pages/event-layouts.js';
import { eventsPage } from './pages/events.js';
import { httpPage } from './pages/http.js';
import { invariantsPage } from './pages/invariants.js';
import { logFormatPage } from './pages/log-format.js';
import { orderFlowPage } from './pages/order-flow.js';
import { referenceIndexPage } from './pages/reference-index.js';
import { thirdPartyPage } from './pages/third-party.js';

export interface Page {
  /** Which code it is made from: where to change it. */
  readonly from: string;
  readonly text: () => string | Promise<string>;
}

/** By their paths from the root of the repository. */
export const pages: Readonly<Record<string, Page>> = {
  'THIRD-PARTY.md': { from: 'package-lock.json', text: thirdPartyPage },
  'docs/concepts/invariants.md': { from: 'projections/invariants.ts', text: invariantsPage },
  'docs/internals/log-format.md': { from: 'test/documents/pages/log-format.ts', text: logFormatPage },
  'docs/reference/command-line.md': { from: 'src/cli', text: commandLinePage },
  'docs/reference/configuration.md': { from: 'src/cli/options', text: configurationPage },
  'docs/reference/errors.md': { from: 'src/api/problem-help.ts and the tables like it', text: errorsPage },
  'docs/reference/event-layouts.json': { from: 'src/events/catalogue.ts', text: eventLayoutsPage },
  'docs/reference/events.md': { from: 'src/events/catalogue.ts', text: eventsPage },
  'docs/reference/http.md': { from: 'the OpenAPI document of src/server', text: httpPage },
  'docs/reference/order-flow.md': { from: 'src/flow', text: orderFlowPage },
  // It says what the others say of themselves, so it comes last.
  'docs/reference/README.md': { from: 'the pages beside it', text: referenceIndexPage },
};

/** The root of the repository. */
export const root = new URL('../../', import.meta.url);

/** A page as `npm run docs` writes it. */
export async function written(path: string): Promise<string> {
  const page = pages[path];
  if (page === undefined) throw new RangeError(`${path} is not made from the code`);
  const isJson = path.endsWith('.json');
  const note = isJson ? '' : `<!-- Made from ${page.from} by npm run docs: change it there. -->\n\n`;
  return formatted(note + (await page.text()), await resolveConfig(new URL(path, root)), isJson ? 'json' : 'markdown');
}
