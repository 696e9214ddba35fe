import type { Asked } from '../../support/reference/exchange-harness.js';
import type { Machine } from './machine.js';
import type { Operator } from './operator.js';
import type { Request, RequestSource } from './requests.js';

/**
 * A client at the other end of a network that delays, loses and doubles what is sent. It asks one thing after the other, each again and
 * again under the same client id until it is answered, whatever happens to the exchange meanwhile.
 */
export class Client {
  isDone = false;

  constructor(
    private readonly name: string,
    private readonly machine: Machine,
    private readonly operator: Operator,
    private readonly source: RequestSource,
  ) {}

  /** Makes so many requests, drawn as they come. */
  async run(requests: number): Promise<void> {
    const { world, profile } = this.machine;
    for (let index = 0; index < requests; index++) {
      await world.pause(world.random.around(profile.thinkUs), undefined);
      await this.ask(this.source.next());
    }
    this.isDone = true;
  }

  /** Asks until there is an answer. */
  async ask(request: Request): Promise<Asked> {
    const { world } = this.machine;
    for (let attempt = 1; ; attempt++) {
      world.tell(`${this.name} asks${attempt === 1 ? '' : ' again'}: ${describe(request)}`);
      const asked = await this.attempt(request);
      if (asked === undefined) continue;
      if (request.kind === 'post' && 'posted' in asked.result) this.source.answered(request, asked.result.posted);
      world.tell(`${this.name} hears: ${JSON.stringify(asked.result)}`);
      return asked;
    }
  }

  private attempt(request: Request): Promise<Asked | undefined> {
    const { world, profile } = this.machine;
    return new Promise((resolve) => {
      world.after(profile.network.timeoutUs, undefined, () => {
        resolve(undefined);
      });
      this.send(request, resolve);
      if (!this.machine.fails(profile.network.doubles)) return;
      world.count('messageDoubled');
      this.send(request, resolve);
    });
  }

  private send(request: Request, resolve: (asked: Asked) => void): void {
    const { world, profile } = this.machine;
    if (this.machine.fails(profile.network.losesRequests)) {
      world.count('requestLost');
      return;
    }
    this.travel(() => {
      const reached = this.operator.reached();
      if (reached === undefined) return;
      world.after(0, reached.process, () => {
        reached.handle(request, (asked) => {
          this.sendBack(asked, resolve);
        });
      });
    });
  }

  private sendBack(asked: Asked, resolve: (asked: Asked) => void): void {
    const { world, profile } = this.machine;
    if (this.machine.fails(profile.network.losesAnswers)) {
      world.count('answerLost');
      return;
    }
    this.travel(() => {
      resolve(asked);
    });
  }

  private travel(arrive: () => void): void {
    const { world, profile } = this.machine;
    world.after(world.random.around(profile.network.delayUs), undefined, arrive);
  }
}

function describe(request: Request): string {
  return JSON.stringify(request.kind === 'junk' ? request.command : request);
}
