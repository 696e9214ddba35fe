import type { PostStep } from '../support/reference/steps.js';
import { checkAtRest, checkLog } from './checks/at-rest.js';
import { Chaos } from './world/chaos.js';
import { Client } from './world/client.js';
import { SimulationFailure } from './checks/failure.js';
import { Judge } from './checks/judge.js';
import { LogMedium } from './world/log-medium.js';
import { Machine } from './world/machine.js';
import { Operator } from './world/operator.js';
import type { Profile } from './profile.js';
import { RequestSource, symbols } from './world/requests.js';
import type { World } from './world/world.js';

/** How long faults go on at most, and how long a healthy exchange may take to come to rest. */
const MOST_FAULTY_US = 20_000_000;
const MOST_HEALTHY_US = 60_000_000;
const JUDGED_EVERY_US = 30_000;

/**
 * One run: a whole exchange from its first start, its clients, and everything that goes wrong; first with faults (safety: nothing
 * that was promised is ever broken), then without (liveness: all comes to rest, and everybody gets their answers).
 */
export class Simulation {
  private readonly machine: Machine;
  private readonly medium: LogMedium;
  private readonly judge: Judge;
  private readonly operator: Operator;
  private readonly source: RequestSource;
  private readonly clients: Client[];

  constructor(
    private readonly world: World,
    private readonly profile: Profile,
  ) {
    this.machine = new Machine(world, profile);
    this.medium = new LogMedium(this.machine);
    this.judge = new Judge(world);
    this.operator = new Operator(this.machine, this.medium, this.judge);
    this.source = new RequestSource(world.random.split(), profile, () => this.machine.nowMs());
    this.clients = Array.from({ length: profile.clients }, (_, index) => this.client(`client ${index + 1}`));
  }

  async run(): Promise<void> {
    await this.open();
    new Chaos(this.machine, this.operator).begin();
    for (const client of this.clients) void client.run(Math.ceil(this.profile.commands / this.profile.clients));
    this.judgeNow();
    const isDone = (): boolean => this.clients.every((client) => client.isDone);
    await this.world.run(() => isDone() || this.world.nowUs > MOST_FAULTY_US);
    await this.heal();
    await this.until('everybody has their answers', isDone);
    await this.comeToRest();
  }

  /** Before anything goes wrong: the first start, and the instruments. */
  private async open(): Promise<void> {
    const { machine, operator } = this;
    machine.isHealthy = true;
    operator.boot();
    const opener = this.client('the operator');
    let isOpen = false;
    const list = async (): Promise<void> => {
      for (const symbol of symbols) await opener.ask({ kind: 'list', listing: this.source.listing(symbol) });
      isOpen = true;
    };
    void list();
    await this.until('the exchange is open', () => isOpen);
    machine.isHealthy = false;
  }

  private async heal(): Promise<void> {
    const { world, machine, operator } = this;
    world.tell('nothing more goes wrong');
    machine.isHealthy = true;
    machine.callsLeft.clear();
    operator.wakeAll();
    await this.until('the exchange serves', () => operator.serving !== undefined);
  }

  private async comeToRest(): Promise<void> {
    const { world, operator, judge, medium } = this;
    operator.buryOld();
    await this.until('the exchange is at rest', () => operator.serving?.isAtRest === true);
    await this.restart();
    await this.repeatPosts();
    await this.until('the exchange is at rest again', () => operator.serving?.isAtRest === true);
    const harness = operator.serving?.harness;
    if (harness === undefined) throw new SimulationFailure('the exchange does not serve');
    const log = medium.forChecks();
    await judge.judge(log, harness.shard.durable, true);
    judge.compareBooks(harness);
    judge.finish();
    await checkAtRest(harness.shard, log);
    const events = await checkLog(log, world.tally.negotiatorParked > 0);
    world.count('logEvents', events.length);
    world.count('deals', judge.deals);
    world.tell(`at rest: ${events.length} events, ${judge.deals} deals`);
  }

  /** Once more from the log, or from a snapshot: what is served from now on has come through a recovery. */
  private async restart(): Promise<void> {
    const { operator } = this;
    const before = operator.serving?.number;
    operator.restart();
    await this.until('the exchange serves again', () => (operator.serving?.number ?? before) !== before);
  }

  /** Every post that was ever answered is made again: it gets the same answer, and no second intention comes of it. */
  private async repeatPosts(): Promise<void> {
    const { operator, judge } = this;
    const postedBefore = operator.serving?.harness?.market.intentionsPosted;
    const posts = judge.answeredPosts.map(({ step }) => step).filter((step): step is PostStep => step.kind === 'post');
    let answered = 0;
    for (const post of posts) operator.serving?.handle(post, () => answered++);
    await this.until('every post has been answered again', () => answered === posts.length);
    const postedAfter = operator.serving?.harness?.market.intentionsPosted;
    if (postedAfter !== postedBefore) throw new SimulationFailure('a repeated post became an intention of its own');
  }

  /** Now and then holds against the reference what is durable by then. */
  private judgeNow(): void {
    const { world } = this;
    world.after(world.random.around(JUDGED_EVERY_US), undefined, () => {
      this.judgeServing().catch((error: unknown) => {
        world.fail(error);
      });
      if (!this.machine.isHealthy) this.judgeNow();
    });
  }

  private async judgeServing(): Promise<void> {
    const { serving, horizon } = this.operator;
    if (serving?.harness === undefined) return;
    const isWhole = serving.isAtRest && horizon >= serving.harness.shard.durable;
    await this.judge.judge(this.medium.forChecks(), Math.min(horizon, serving.harness.shard.durable), isWhole);
    if (isWhole) this.judge.compareBooks(serving.harness);
  }

  private async until(what: string, isSo: () => boolean): Promise<void> {
    const latestUs = this.world.nowUs + MOST_HEALTHY_US;
    await this.world.run(() => isSo() || this.world.nowUs > latestUs);
    if (!isSo()) throw new SimulationFailure(`it never came so far that ${what}`);
  }

  private client(name: string): Client {
    return new Client(name, this.machine, this.operator, this.source);
  }
}
