/** The projection that links events for people, in a stand-in for the part of the server that runs it. */
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installLinks, linksName, linksSource } from '../../../infra/eventstoredb/links.js';
import { catalogue } from '../../../src/events/catalogue.js';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { type Links, runProjection } from '../../support/eventstoredb/projection-interpreter.js';
import { goldenLogs } from '../../golden/golden-log.js';
import { collect, eventsOf, Sealer } from '../../support/log/batches.js';

describe('the projection of links (its source, in a stand-in for the server)', () => {
  let trial: EventStoreTrial;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
  });

  afterEach(() => trial.end());

  it('The projection of links links every event of an intention or a deal to its stream, in order, and nothing else', async () => {
    const log = trial.log();
    const writer = await log.open();
    const sealer = new Sealer();
    const recorded = goldenLogs().flatMap(({ events }) => events);
    const events = recorded.map(({ event }) => event).filter(({ type }) => type !== 'BatchSealed');
    expect(await writer.append(sealer.seal(events))).toBe('appended');
    const links = runProjection(linksSource('parley'), trial.server.streams);
    const streams = new Set(recorded.map(({ stream }) => stream).filter((stream) => !stream.startsWith('shard-')));
    expect(new Set(links.keys())).toEqual(streams);
    expect(streams.size).toBeGreaterThan(3);
    const read = (await collect(log.read(0))).flatMap((batch) => eventsOf(batch));
    for (const stream of streams) {
      const found = read.filter((event) => event.stream === stream);
      // The claim stands before the events.
      expect(links.get(stream), stream).toEqual(found.map(({ position }) => `${position + 1}@parley_shard-0`));
    }
  });

  it('The projection of links links the events of every shard of its prefix, and of no other', async () => {
    for (const options of [{ shard: 0 }, { shard: 1 }, { prefix: 'other' }]) {
      await trial.append(await trial.log(options).open(), new Sealer(), 1);
    }
    const links: Links = runProjection(linksSource('parley'), trial.server.streams);
    expect(links.get('intention-7')).toEqual(['1@parley_shard-0', '1@parley_shard-1']);
  });

  it('The projection of links knows the stream of every event of the catalogue', () => {
    for (const { type, stream } of catalogue) expect(linksSource('parley')).toContain(`"${type}": "${stream}"`);
  });

  it('The projection of links is installed with the one that it reads, and brought up to date when it is there', async () => {
    const client = EventStoreDBClient.connectionString(trial.server.connection());
    const installed = { source: linksSource('parley'), emits: true, isEnabled: true };
    await installLinks(client, 'parley');
    expect(trial.server.projections.get(linksName('parley'))).toEqual(installed);
    expect(trial.server.projections.get('$by_category')).toMatchObject({ isEnabled: true });
    trial.server.projections.set(linksName('parley'), { source: 'older', emits: false, isEnabled: false });
    await installLinks(client, 'parley');
    expect(trial.server.projections.get(linksName('parley'))).toEqual(installed);
    await client.dispose();
  });
});
