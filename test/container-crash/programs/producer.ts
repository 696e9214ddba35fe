/** A producer that writes commands into their topic, in a container of its own. */
import { Asked } from '../../cluster-crash/checks/asked.js';
import { Producer } from '../../cluster-crash/producer.js';
import { Random } from '../../support/random.js';
import { askedJson } from './asked-json.js';
import type { BeginProducer, FromProducer, Offered, ToProducer } from './messages.js';
import { listen, regularly, tell } from './talk.js';

let writer: Writer | undefined;

class Writer {
  private readonly asked: Asked;
  private readonly producer: Producer;
  private readonly stopTelling: () => void;

  constructor({ brokers, topic, symbols, shards, seed }: BeginProducer) {
    this.asked = new Asked(shards);
    this.producer = new Producer({ brokers, topic, symbols, asked: this.asked, random: new Random(seed) });
    this.stopTelling = regularly(() => this.say({ status: { written: this.asked.written } }));
  }

  round(round: number): void {
    for (const answers of this.asked.perShard) answers.round = round;
  }

  /** Posts that clients have made are written as well as its own. */
  take({ targets, posts }: Offered): void {
    for (const target of targets) this.asked.offer(target);
    for (const intention of posts) this.asked.posting(intention);
  }

  async end(): Promise<void> {
    this.producer.end();
    await this.producer.over;
    this.stopTelling();
    this.say({ over: { asked: askedJson(this.asked), failed: this.producer.failed } });
  }

  private say(message: FromProducer): void {
    tell(message);
  }
}

listen((said) => {
  const message = said as ToProducer; // what the rig tells
  if ('begin' in message) writer = new Writer(message.begin);
  else if ('round' in message) writer?.round(message.round);
  else if ('offered' in message) writer?.take(message.offered);
  else void writer?.end();
});
