import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParleyClient, type PostIntention } from '../../../src/client/index.js';
import { BUILD_MS, built, jsonLines, parley } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { temporaryFolder } from '../../support/log/temporary-folder.js';

const KILLS = Number(process.env.PARLEY_KILLS ?? 6);
const POSTERS = 6;
const SEED = Number(process.env.PARLEY_SEED ?? Date.now() % 0x7fff_ffff);

/** Numbers from 0 to `below`, from one seed. */
function random(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Clients that post as fast as they are answered, and remember what they were told. */
class Load {
  readonly posted = new Map<string, PostIntention>();
  readonly acknowledged = new Map<string, string>();
  private readonly pick = random(SEED);
  private isOver = false;

  constructor(private readonly url: string) {}

  async run(round: number): Promise<void> {
    const client = new ParleyClient({ url: this.url, retry: { attempts: 1 } });
    await Promise.all(
      Array.from({ length: POSTERS }, async (_, poster) => {
        for (let count = 0; !this.isOver; count++) await this.post(client, `${round}-${poster}-${count}`, poster);
      }),
    );
  }

  end(): void {
    this.isOver = true;
  }

  private async post(client: ParleyClient, clientIntentionId: string, poster: number): Promise<void> {
    const intention: PostIntention = {
      clientIntentionId,
      participant: `trader-${poster}`,
      instrument: 'ACME',
      side: this.pick(2) === 0 ? 'buy' : 'sell',
      price: String(95 + this.pick(10)),
      quantity: String(1 + this.pick(20)),
    };
    this.posted.set(clientIntentionId, intention);
    try {
      this.acknowledged.set(clientIntentionId, JSON.stringify(await client.postIntention(intention)));
    } catch {
      this.isOver = true; // the server is gone; what it made of this post nobody knows yet
    }
  }
}

describe(`a server that is killed while intentions are posted (seed ${SEED})`, () => {
  let folder = '';
  beforeAll(async () => {
    folder = temporaryFolder();
    await built();
  }, BUILD_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'loses nothing that it acknowledged, has it once, leaves nothing in doubt, and repeats its first answers',
    async () => {
      const data = path.join(folder, 'data');
      const pick = random(SEED + 1);
      const acknowledged = new Map<string, string>();
      for (let round = 0; round < KILLS; round++) {
        const serving = await Serving.start('--data', data);
        const client = new ParleyClient({ url: serving.url });
        await client.putInstrument('ACME', { tickSize: '1', lotSize: '1' });
        const load = new Load(serving.url);
        const running = load.run(round);
        await new Promise((resolve) => setTimeout(resolve, 20 + pick(400)));
        await serving.end('SIGKILL');
        load.end();
        await running;

        const again = await Serving.start('--data', data);
        const survivor = new ParleyClient({ url: again.url });
        for (const [id, intention] of load.posted) {
          const answer = JSON.stringify(await survivor.postIntention(intention));
          expect(answer).toBe(load.acknowledged.get(id) ?? answer);
          acknowledged.set(id, answer);
        }
        await again.end('SIGKILL');
      }
      await expectWhole(data, acknowledged);
    },
    60_000 + KILLS * 10_000,
  );
});

async function expectWhole(data: string, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  // The last kill may have left a deal in doubt: one more start settles it.
  await (await Serving.start('--data', data)).end();
  const [audit, replay, posted, deals] = await Promise.all([
    parley(['audit', '--data', data]),
    parley(['replay', '--data', data, '--json']),
    parley(['log', 'cat', '--data', data, '--type', 'IntentionPosted']),
    parley(['deals', '--data', data, '--limit', '1000000', '--json']),
  ]);
  expect(audit.code, audit.stdout).toBe(0);
  expect(jsonLines(replay.stdout)[0]).toMatchObject({ dealsInFlight: 0 });
  const ids = jsonLines(posted.stdout).map(({ clientIntentionId }) => String(clientIntentionId));
  expect(ids.length).toBe(new Set(ids).size);
  expect([...acknowledged.keys()].filter((id) => !ids.includes(id))).toEqual([]);
  const dealIds = jsonLines(deals.stdout).map(({ id }) => String(id));
  expect(dealIds.length).toBeGreaterThan(0);
  expect(dealIds.length).toBe(new Set(dealIds).size);
}
