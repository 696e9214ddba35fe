/** The exchange that served the page: whether it is there, and how far its log is. */
import { computed, effect, signal } from '@preact/signals';
import { ParleySocket } from '../../client/socket/socket.js';
import { ParleyError } from '../../client/wire/error.js';
import { pause } from '../../resilience/pause.js';
import { ServerSource } from '../source/server-source.js';
import type { LogMoment } from '../source/source.js';
import { shardInAddress } from './address.js';
import { caller, isKeyWanted, key, may } from './session.js';

/**
 * `connecting`: nothing has been heard yet. `starting`: it is there, and opens its log. `away`: it was there; what is shown is the last
 * that was heard. `keyed`: it takes no word without a key.
 */
export type Presence = 'connecting' | 'live' | 'starting' | 'away' | 'keyed';

export const presence = signal<Presence>('connecting');
/** Why it is away, in its own words or those of the way there. */
export const trouble = signal<string | undefined>(undefined);
/** When it was heard last, by this machine’s clock; milliseconds since 1970. */
export const heardAtMs = signal(0);
/** The end of the log of the shard that the address names, and the moments beside it. */
export const headMoment = signal<LogMoment | undefined>(undefined);
/** The position that the next event gets. */
export const head = computed(() => headMoment.value?.position);

interface Connected {
  readonly source: ServerSource;
  readonly socket: ParleySocket;
}

/** One for each key. */
const connected = signal<Connected>(connect(key.peek()));
export const server = computed(() => connected.value.source);
/** For streams and commands. */
export const socket = computed(() => connected.value.socket);

const LOOK_MS = 1_000;
const LOOK_WHILE_AWAY_MS = 500;
const MOST_RETRY_MS = 1_000;

/** The shards of the cluster, where there are several, to whom may know them. */
export const shards = signal<readonly number[]>([]);

/** Looks after the connection from now on. */
export function beginWatching(): void {
  let isFirst = true;
  effect(() => {
    const wanted = key.value;
    if (!isFirst) {
      connected.peek().socket.close();
      connected.value = connect(wanted);
      presence.value = 'connecting';
    }
    isFirst = false;
    const over = new AbortController();
    shards.value = [];
    void watch(connected.peek().source, over.signal);
    return () => over.abort();
  });
  // The end of another shard's log says nothing of this one's.
  shardInAddress.subscribe(() => (headMoment.value = undefined));
}

function connect(withKey: string | undefined): Connected {
  const url = location.origin;
  const source = new ServerSource({ url, key: withKey });
  return { source, socket: new ParleySocket({ url, key: withKey, retry: { maxMs: MOST_RETRY_MS } }) };
}

/** Asks now and then, until the signal aborts. */
async function watch(source: ServerSource, over: AbortSignal): Promise<void> {
  do {
    try {
      // Not read as dependencies: whoever watches begins again with another key alone.
      const shard = shardInAddress.peek();
      const [known, moment] = await Promise.all([
        caller.peek() ?? source.client.caller({ signal: over }),
        source.moment({ shard, signal: over }),
      ]);
      caller.value = known;
      if (shard === shardInAddress.peek()) headMoment.value = moment;
      heard();
      if (moment.shard !== undefined && shards.peek().length === 0) await findShards(source, over);
    } catch (error) {
      failed(error, over);
    }
    await pause(presence.peek() === 'live' ? LOOK_MS : LOOK_WHILE_AWAY_MS, over);
  } while (!over.aborted);
}

async function findShards({ client }: ServerSource, over: AbortSignal): Promise<void> {
  if (!may.seeAffairs.peek()) return;
  shards.value = (await client.cluster({ signal: over })).shards.map(({ shard }) => shard);
}

function heard(): void {
  heardAtMs.value = Date.now();
  trouble.value = undefined;
  presence.value = 'live';
}

function failed(error: unknown, over: AbortSignal): void {
  if (over.aborted) return;
  const { status, code, detail } = error instanceof ParleyError ? error : unknownError(error);
  trouble.value = detail;
  const next = status === 401 ? 'keyed' : code === 'UNAVAILABLE' ? 'starting' : 'away';
  // Asked for once: whoever closes the dialog without a key may open it again.
  if (next === 'keyed' && presence.peek() !== 'keyed') isKeyWanted.value = true;
  presence.value = next;
}

function unknownError(error: unknown): Pick<ParleyError, 'status' | 'code' | 'detail'> {
  return { status: 0, code: 'UNREACHABLE', detail: error instanceof Error ? error.message : String(error) };
}
