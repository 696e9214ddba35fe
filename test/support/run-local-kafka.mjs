// `npm run kafka:up` and `kafka:down`: the local broker of infra/kafka/local, run as compiled plain JavaScript.
import { ensureBuilt, ensureInstalled, runOrExit } from '../../src/cli/bootstrap.mjs';

await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
await import('../../dist/infra/kafka/local/main.js');
