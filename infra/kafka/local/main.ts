/** `npm run kafka:up` and `npm run kafka:down`: a local Kafka that goes on until it is taken down. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkout, MissingToolError } from './installation.js';
import { localKafkaIn, startLocalKafka } from './local-kafka.js';

const USAGE = `npm run kafka:up [-- --nodes N --port PORT --folder DIR --sasl]
npm run kafka:down [-- --folder DIR]
`;
const DEFAULT_PORT = 9092;
/** Removed when taken down; a folder named with --folder is kept. */
const OWN_FOLDER = path.join(checkout, '.cache', 'kafka-up');

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      nodes: { type: 'string', default: '1' },
      port: { type: 'string', default: `${DEFAULT_PORT}` },
      folder: { type: 'string' },
      sasl: { type: 'boolean', default: false },
    },
  });
  const folder = values.folder === undefined ? OWN_FOLDER : path.resolve(values.folder);
  if (positionals[0] === 'up') await up(folder, Number(values.nodes), Number(values.port), values.sasl);
  else if (positionals[0] === 'down') await down(folder, values.folder === undefined);
  else process.stdout.write(USAGE);
}

async function up(folder: string, nodes: number, port: number, sasl: boolean): Promise<void> {
  const running = localKafkaIn(folder);
  if (running?.isRunning === true) {
    process.stderr.write('it runs already\n');
    process.stdout.write(`${running.brokers.join(',')}\n`);
    return;
  }
  const ports = Array.from({ length: nodes }, (_, at) => port + at);
  const kafka = await startLocalKafka({ nodes, ports, folder, security: sasl ? 'sasl' : 'none', detached: true });
  process.stderr.write(`Kafka runs on ${nodes} node(s), its data in ${folder}; npm run kafka:down ends it\n`);
  process.stdout.write(`${kafka.brokers.join(',')}\n`);
}

async function down(folder: string, remove: boolean): Promise<void> {
  const kafka = localKafkaIn(folder);
  if (kafka === undefined) {
    process.stderr.write(`there is no Kafka in ${folder}\n`);
    return;
  }
  await kafka.stop();
  if (remove) kafka.remove();
}

/** A wrong argument or a missing tool is reported in one line; anything else with its stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForPeople = error instanceof MissingToolError || 'code' in error;
  return isForPeople ? error.message : (error.stack ?? error.message);
}
