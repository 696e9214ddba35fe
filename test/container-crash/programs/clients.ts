/** Clients over HTTP, in a container of their own. */
import { Asked } from '../../cluster-crash/checks/asked.js';
import { Load } from '../../cluster-crash/load.js';
import { Random } from '../../support/random.js';
import { askedJson } from './asked-json.js';
import type { BeginClients, FromClients, ToClients } from './messages.js';
import { Silences } from './silences.js';
import { listen, regularly, tell } from './talk.js';

/** One in so many posts is written into the topic too. */
const POSTS_A_COPY = 12;

/** Some expire before they are answered: a refusal of what has been carried out would be seen. */
const EXPIRES_AFTER_MS = 500;

let clients: Clients | undefined;

class Clients {
  private readonly asked: Asked;
  readonly silences = new Silences(() => performance.now());
  private readonly load: Load;
  private readonly stopTelling: () => void;
  private offeredPosts = 0;

  constructor({ urls, key, symbols, shards, seed }: BeginClients) {
    this.asked = new Asked(shards);
    const random = new Random(seed);
    const asking = { urls, key, symbols, asked: this.asked, outages: this.silences };
    this.load = new Load({ ...asking, expiresAfterMs: EXPIRES_AFTER_MS, random });
    this.stopTelling = regularly(() => this.tell());
  }

  round(round: number): void {
    for (const answers of this.asked.perShard) answers.round = round;
  }

  async end(): Promise<void> {
    this.load.end();
    await this.load.over;
    this.stopTelling();
    const over = { asked: askedJson(this.asked), silences: this.silences.lengthsMs(), failed: this.load.triedAgain };
    this.say({ over });
  }

  private tell(): void {
    const { asked, silences } = this;
    this.say({ status: { acknowledged: asked.acknowledged, areOver: silences.areOver } });
    const targets = asked.targets.splice(0);
    const fresh = asked.posts.slice(this.offeredPosts);
    const posts = fresh.filter((_, at) => (this.offeredPosts + at) % POSTS_A_COPY === 0);
    this.offeredPosts += fresh.length;
    if (targets.length + posts.length > 0)
      this.say({ offered: { targets, posts: posts.map(({ intention }) => intention) } });
  }

  private say(message: FromClients): void {
    tell(message);
  }
}

listen((said) => {
  const message = said as ToClients; // what the rig tells
  if ('begin' in message) clients = new Clients(message.begin);
  else if ('round' in message) clients?.round(message.round);
  else if ('fault' in message) clients?.silences.begin(message.fault.kind, message.fault.shards);
  else if ('mended' in message) clients?.silences.mended();
  else void clients?.end();
});
