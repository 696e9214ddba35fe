import { StandInServer } from '../support/eventstoredb/stand-in-server.js';
import { describeRemoval } from './eventstoredb-removal.js';

describeRemoval('the stand-in for EventStoreDB', async () => {
  const server = await StandInServer.start();
  return { connection: server.connection(), stop: () => server.stop() };
});
