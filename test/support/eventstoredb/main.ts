/** `npm run eventstoredb:stand-in`: the stand-in for EventStoreDB as a process, to try the command line on. It keeps nothing. */
import { once } from 'node:events';
import { ExitCode, numberIn, optionsIn, runRig, say } from '../rig.js';
import { StandInServer } from './stand-in-server.js';

/** EventStoreDB's own. */
const DEFAULT_PORT = '2113';
const MOST_PORT = 65_535;

const usage = `npm run eventstoredb:stand-in -- [options]

A stand-in for EventStoreDB, to try the command line on: it speaks the same protocol, keeps everything in memory, and is no database.
It listens on 127.0.0.1 alone, prints what --connection takes, and goes on until it is interrupted.

  --port PORT   where it listens (${DEFAULT_PORT}); 0 takes a free one
  --help        this
`;

async function main(args: readonly string[]): Promise<number> {
  const { port } = optionsIn(args, { port: { type: 'string', default: DEFAULT_PORT } });
  const server = await StandInServer.start(numberIn('--port', port, MOST_PORT, 0));
  process.stderr.write(
    'a stand-in for EventStoreDB: it speaks the same protocol, keeps everything in memory, and is no database\n',
  );
  // Whoever reads where it listens may end it at once.
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  say(server.connection(''));
  await interrupted;
  server.stop();
  return ExitCode.Fine;
}

await runRig('eventstoredb:stand-in', usage, main);
process.exit(); // connections that clients hold open are no reason to stay
