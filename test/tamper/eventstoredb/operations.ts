/** What operators and other programs may do to the stream of an exchange in EventStoreDB. */
import { type EventStoreDBClient, jsonEvent, type StreamMetadata } from '@eventstore/db-client';
import type { Random } from '../../support/random.js';
import type { Done, RemoteOperation } from '../remote/operation.js';

export interface StreamGround {
  readonly client: EventStoreDBClient;
  /** The shard's. */
  readonly stream: string;
  readonly random: Random;
}

/** With credentials the client appends over a call of its own, as the stand-in wants it. */
const SOMEBODY = { username: 'somebody', password: 'else' };

type StreamOperation = RemoteOperation<StreamGround>;

const refused = { expects: 'a refusal' } as const;

export const streamOperations: readonly StreamOperation[] = [
  { name: 'delete the stream softly', ...refused, when: 'down', apply: deleteSoftly },
  { name: 'bury the stream', ...refused, when: 'down', apply: bury },
  { name: 'truncate before', ...refused, when: 'down', apply: truncate },
  { name: 'keep only the last events', ...refused, when: 'down', apply: keepLast },
  { name: 'keep only what is young', ...refused, when: 'down', apply: keepYoung },
  { name: 'a foreign record', expects: 'either', when: 'down', apply: foreignRecord },
  { name: 'running: delete the stream softly', ...refused, when: 'running', isNoticed: true, apply: deleteSoftly },
  { name: 'running: bury the stream', ...refused, when: 'running', isNoticed: true, apply: bury },
  { name: 'running: truncate before', ...refused, when: 'running', apply: truncate },
  { name: 'running: keep only the last events', ...refused, when: 'running', apply: keepLast },
  { name: 'running: a foreign record', expects: 'either', when: 'running', apply: foreignRecord },
];

async function deleteSoftly({ client, stream }: StreamGround): Promise<Done> {
  await client.deleteStream(stream);
  return { did: stream };
}

async function bury({ client, stream }: StreamGround): Promise<Done> {
  await client.tombstoneStream(stream);
  return { did: stream };
}

function truncate(ground: StreamGround): Promise<Done> {
  return setMetadata(ground, { truncateBefore: 1 + ground.random.below(40) });
}

function keepLast(ground: StreamGround): Promise<Done> {
  return setMetadata(ground, { maxCount: 1 + ground.random.below(40) });
}

function keepYoung(ground: StreamGround): Promise<Done> {
  return setMetadata(ground, { maxAge: 1 });
}

/** Hides events for as long as it stands; all are back once it is taken back. */
async function setMetadata({ client, stream }: StreamGround, metadata: StreamMetadata): Promise<Done> {
  await client.setStreamMetadata(stream, metadata, { credentials: SOMEBODY });
  const undo = async (): Promise<void> => {
    await client.setStreamMetadata(stream, {}, { credentials: SOMEBODY });
  };
  return { did: `${stream}: ${JSON.stringify(metadata)}`, undo };
}

async function foreignRecord({ client, stream }: StreamGround): Promise<Done> {
  const record = jsonEvent({ type: 'Foreign', data: { of: 'another program' } });
  await client.appendToStream(stream, record, { credentials: SOMEBODY });
  return { did: stream };
}
