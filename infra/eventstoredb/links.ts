/**
 * A projection that the server runs, for people: it links every event of the shards' streams to the stream that it belongs to by the
 * catalogue, `intention-<id>` or `deal-<initiator>-<number>`, where the server's own pages show it. Nothing in Parley reads the links.
 *
 * It keeps no state, and links an event as it comes. The server writes a projection's state out as JSON after every event, so holding
 * a batch's links back until its seal would take time that grows with the square of the batch. The price: what a crash left of a batch
 * that needed several appends (invariant 4 of eventstore-log.ts) is linked too, and again under a later epoch, as its metadata says.
 */
import { type EventStoreDBClient, isCommandError } from '@eventstore/db-client';
import { catalogue } from '../../src/events/catalogue.js';
import { Connection } from './connection.js';
import { shardCategory } from './eventstore-log.js';

const PATIENCE_MS = 10_000;

const ALREADY_EXISTS = 6;

/** The name under which the server knows the projection of a prefix's shards. */
export function linksName(prefix: string): string {
  return `${prefix}_links`;
}

/** The projection's source, in the JavaScript that the server runs. */
export function linksSource(prefix: string): string {
  const kinds = Object.fromEntries(catalogue.map(({ type, stream }) => [type, stream]));
  return `// Links the events of ${prefix}'s shards to the streams that they belong to. Made by Parley; changes are overwritten.
var kinds = ${JSON.stringify(kinds, undefined, 2)};

fromCategory('${shardCategory(prefix)}').when({
  $any: function (state, event) {
    var data = event.data;
    if (kinds[event.eventType] === 'intention') linkTo('intention-' + data.intentionId, event);
    if (kinds[event.eventType] === 'deal') linkTo('deal-' + data.initiatorId + '-' + data.dealNumber, event);
    return state;
  },
});
`;
}

/**
 * Installs the projection, or brings the one that is there up to date, and enables the server's own `$by_category`, which it reads.
 * The user must be an operator of the server, and the server must run projections.
 */
export async function installLinks(client: EventStoreDBClient, prefix: string): Promise<void> {
  const [name, source] = [linksName(prefix), linksSource(prefix)];
  await client.enableProjection('$by_category');
  try {
    await client.createProjection(name, source, { emitEnabled: true });
  } catch (error) {
    if (!isThere(error)) throw error;
    await client.updateProjection(name, source, { emitEnabled: true });
  }
  await client.enableProjection(name);
}

/**
 * The same at an address, for the shards under a prefix. Returns the projection's name. Rejects with LogUnreachableError or
 * LogRefusedError.
 */
export async function installLinksAt(address: string, prefix: string): Promise<string> {
  const connection = new Connection(address, PATIENCE_MS, PATIENCE_MS);
  try {
    await connection.patiently(() => installLinks(connection.clients.reading, prefix));
    return linksName(prefix);
  } finally {
    await connection.close();
  }
}

/** Servers say it with a code of its own or, before version 22, within the text of another. */
function isThere(error: unknown): boolean {
  if (!(error instanceof Error) || !isCommandError(error)) return false;
  return Number(error.code) === ALREADY_EXISTS || /conflict|already exists/i.test(error.message);
}
