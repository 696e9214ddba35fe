// `npm run kafka:up` and `kafka:down`: the local broker of infra/kafka/local, run as compiled plain JavaScript.
import { prepare } from '../../src/cli/bootstrap.mjs';

await prepare();
await import('../../dist/infra/kafka/local/main.js');
