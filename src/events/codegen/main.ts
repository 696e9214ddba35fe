/**
 * `npm run codegen`: writes what is made from the event catalogue. A test holds the files in the repository against this output.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogue, type EventSchema } from '../catalogue.js';
import { wholeHandshake } from '../whole-handshake.js';
import { generateCodec } from './codec.js';
import { generateHandlers } from './handlers.js';
import { generateJournal } from './journal.js';
import { generateJson } from './json.js';
import { generateObjects } from './objects.js';

/** What is generated: the file, from the repository's root, and what makes it. */
export const generated: Readonly<Record<string, (schemas: readonly EventSchema[]) => string>> = {
  'src/domain/journal.generated.ts': (schemas) => generateJournal(schemas, [wholeHandshake]),
  'src/events/handlers.generated.ts': generateHandlers,
  'src/events/codec.generated.ts': (schemas) => generateCodec(schemas, [wholeHandshake]),
  'src/events/json.generated.ts': generateJson,
  'src/events/objects.generated.ts': generateObjects,
};

const usage = 'npm run codegen\n\nWrites what is made from the event catalogue. It takes no options.\n';

function generateAll(): void {
  const root = new URL('../../../', import.meta.url);
  for (const [path, generate] of Object.entries(generated)) writeFileSync(new URL(path, root), generate(catalogue));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first] = process.argv.slice(2);
  if (first === undefined) generateAll();
  else if (first === '--help' || first === '-h') process.stdout.write(usage);
  else {
    process.stderr.write(`${first}?\n\n${usage}`);
    process.exitCode = 2;
  }
}
