/** `npm run kafka:up` and `npm run kafka:down`: a local Kafka that goes on until it is taken down. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkout, MissingToolError } from './installation.js';
import { localKafkaIn, startLocalKafka } from './local-kafka.js';

const USAGE = `npm run kafka:up [-- options]
  --nodes N      how many nodes (1)
  --port PORT    of the first; the others listen on those behind it (9092)
  --folder DIR   where its data go; of its own, and removed when it is taken down, unless given
  --sasl         clients have to log in: user parley, password parley-local
npm run kafka:down [-- options]
  --folder DIR   the one that was given to kafka:up
  --help         this

A local Kafka, which listens on 127.0.0.1 alone and goes on until it is taken down. kafka:up prints its brokers.
Exit codes: 0 fine, 1 it could not be done, 2 usage.
`;
const MOST_NODES = 9;
const MOST_PORT = 65_535;
/** Removed when taken down; a folder named with --folder is kept. */
const OWN_FOLDER = path.join(checkout, '.cache', 'kafka-up');

class UsageError extends Error {}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n\n${USAGE}` : `${describe(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = read(args);
  const folder = values.folder === undefined ? OWN_FOLDER : path.resolve(values.folder);
  if (values.help) process.stdout.write(USAGE);
  else if (positionals[0] === 'down') await down(folder, values.folder === undefined);
  else {
    const nodes = numberIn('--nodes', values.nodes, MOST_NODES);
    await up(folder, nodes, numberIn('--port', values.port, MOST_PORT + 1 - nodes), values.sasl);
  }
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        nodes: { type: 'string', default: '1' },
        port: { type: 'string', default: '9092' },
        folder: { type: 'string' },
        sasl: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ', 1)[0] : String(error));
  }
}

function numberIn(option: string, text: string, most: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new UsageError(`${option} takes a number from 1 to ${most}`);
  return value;
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
