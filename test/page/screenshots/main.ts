/** `npm run screenshots`: every view of the page as a picture, to be looked at; and the pictures of the documents. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { endAll } from '../../support/cli/parley.js';
import { missingChromium } from '../../support/needs/browser.js';
import { ExitCode, optionsIn, runRig, say } from '../../support/rig.js';
import { launchBrowser } from '../../support/needs/launch-browser.js';
import { picturesOfDocuments } from './document-pictures.js';
import { Exchanges } from './exchanges.js';
import { Photographer } from './photographer.js';
import { shots } from './shots.js';

const usage = `npm run screenshots -- [options]

Starts exchanges of its own in a folder that is removed again, and takes every view of the page in all its states: light and
dark, 390 and 1440 pixels wide. index.html shows them beside each other. It takes a Chromium, and some ten minutes.

  --out <folder>   where the pictures go (test-results/screenshots)
  --only <names>   those alone whose name contains one of these, with commas between
  --docs           takes those of the documents instead, into docs/pictures
`;

async function main(args: readonly string[]): Promise<number> {
  const { out, only, docs } = optionsIn(args, {
    out: { type: 'string' },
    only: { type: 'string', default: '' },
    docs: { type: 'boolean', default: false },
  });
  const missing = missingChromium();
  if (missing !== undefined) {
    process.stderr.write(`screenshots: ${missing}\n`);
    return ExitCode.Failure;
  }
  const folder = path.resolve(out ?? (docs ? 'docs/pictures' : 'test-results/screenshots'));
  mkdirSync(folder, { recursive: true });
  const wanted = (docs ? picturesOfDocuments : shots).filter(({ name }) =>
    only.split(',').some((part) => name.includes(part)),
  );
  const exchanges = await Exchanges.open();
  const browser = await launchBrowser();
  try {
    await new Photographer(browser, exchanges, folder).take(wanted);
  } finally {
    await browser.close();
    await endAll();
    exchanges.remove();
  }
  say(docs ? folder : path.join(folder, 'index.html'));
  return ExitCode.Fine;
}

await runRig('screenshots', usage, main);
