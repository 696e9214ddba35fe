/**
 * `npm run codegen`: writes what is made from the event catalogue. A test holds the files in the repository against this output.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogue, type EventSchema } from '../catalogue.js';
import { generateCodec } from './codec.js';
import { generateHandlers } from './handlers.js';
import { generateJournal } from './journal.js';
import { generateJson } from './json.js';

/** What is generated: the file, from the repository's root, and what makes it. */
export const generated: Readonly<Record<string, (schemas: readonly EventSchema[]) => string>> = {
  'src/domain/journal.generated.ts': generateJournal,
  'src/events/handlers.generated.ts': generateHandlers,
  'src/events/codec.generated.ts': generateCodec,
  'src/events/json.generated.ts': generateJson,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('../../../', import.meta.url);
  for (const [path, generate] of Object.entries(generated)) writeFileSync(new URL(path, root), generate(catalogue));
}
