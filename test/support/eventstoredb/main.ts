/** `npm run eventstoredb:stand-in`: the stand-in for EventStoreDB as a process, to try the command line on. It keeps nothing. */
import { StandInServer } from './stand-in-server.js';

const server = await StandInServer.start();
process.stderr.write(
  'a stand-in for EventStoreDB: it speaks the same protocol, keeps everything in memory, and is no database\n',
);
process.stdout.write(`${server.connection('')}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    server.stop();
    process.exit(0);
  });
