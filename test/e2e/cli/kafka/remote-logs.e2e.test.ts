import { afterAll, describe } from 'vitest';
import { StandInServer } from '../../../support/eventstoredb/stand-in-server.js';
import { itWorksOn } from './remote-logs.js';

const standIn = await StandInServer.start();
afterAll(() => standIn.stop());
describe('the command line on a stand-in for EventStoreDB', () => {
  itWorksOn('eventstoredb', standIn.connection());
});
