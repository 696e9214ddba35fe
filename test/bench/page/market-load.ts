import type { Socket } from 'node:net';
import { FlowRandom } from '../flow/flow-random.js';
import { openSocket } from '../socket/connection.js';
import { clientFrame } from '../socket/frames.js';

export const loadedSymbol = 'BENCH';

const SEED = 11;
const MID_TICKS = 10_000;
const LEVELS = 40;
const MOST_LOTS = 10;
/** So many rest at a time, however many come and go. */
const RESTING = 400;
/** One in so many takes what stands on the other side. */
const TAKES_ONE_IN = 20;
const IN_FLIGHT = 256;
const done = /"status":20[01],/;
/** It had been dealt with by then. */
const gone = '"status":409,';
/** Whether it is gone is read from a store that others keep busy. */
const busy = '"code":"UNAVAILABLE"';

/**
 * A book in which posts and withdrawals take turns, so that it changes at any rate and for any time without growing: half the commands
 * post at one of 40 prices a side, the others withdraw the oldest; some take.
 */
export class MarketLoad {
  /** Commands that have been carried out, durably. */
  changes = 0;
  private readonly random = new FlowRandom(SEED);
  private socket: Socket | undefined;
  private sent = 0;
  private answered = 0;
  private posted = 0;
  private withdrawn = 0;
  private onAnswer: () => void = () => undefined;

  static async open(port: number): Promise<MarketLoad> {
    const load = new MarketLoad();
    load.socket = await openSocket(port, (body) => load.take(body.toString('latin1')));
    return load;
  }

  /** So many a second, evenly, as far as they are answered, until the function that it returns is called, which resolves once all are answered. */
  begin(perSecond: number): () => Promise<void> {
    const from = performance.now();
    const before = this.sent;
    const timer = setInterval(() => {
      const due = ((performance.now() - from) * perSecond) / 1_000;
      while (this.sent - before < due && this.sent - this.answered < IN_FLIGHT) this.send();
    }, 1);
    return () => {
      clearInterval(timer);
      return this.settled();
    };
  }

  /** As fast as they are answered. */
  flood(): () => Promise<void> {
    let isOver = false;
    this.onAnswer = () => {
      if (!isOver) this.send();
    };
    for (let sent = 0; sent < IN_FLIGHT; sent++) this.send();
    return () => {
      isOver = true;
      return this.settled();
    };
  }

  close(): void {
    this.socket?.removeAllListeners('close').destroy();
  }

  private settled(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.answered === this.sent) resolve();
      };
      this.onAnswer = look;
      look();
    });
  }

  private take(body: string): void {
    if (done.test(body)) this.changes++;
    else if (!body.includes(gone) && !body.includes(busy)) throw new Error(`answered ${body}`);
    this.answered++;
    this.onAnswer();
  }

  private send(): void {
    const isFull = this.posted - this.withdrawn >= RESTING;
    const command = isFull ? this.withdrawal() : this.post();
    this.socket?.write(clientFrame(JSON.stringify({ id: ++this.sent, command })));
  }

  private withdrawal(): object {
    return { command: 'withdraw', participant: 'maker', clientIntentionId: `m${this.withdrawn++}` };
  }

  private post(): object {
    const { random } = this;
    const side = random.below(2) === 0 ? 'buy' : 'sell';
    const away = side === 'buy' ? -1 : 1;
    const order = { instrument: loadedSymbol, side, quantity: String(1 + random.below(MOST_LOTS)) };
    if (random.below(TAKES_ONE_IN) === 0) {
      const price = String(MID_TICKS - away * LEVELS);
      return { ...order, clientIntentionId: `t${this.sent}`, participant: 'taker', price, timeInForce: 'ioc' };
    }
    const price = String(MID_TICKS + away * (1 + random.below(LEVELS)));
    return { ...order, clientIntentionId: `m${this.posted++}`, participant: 'maker', price };
  }
}
