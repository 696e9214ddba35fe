import { type FlowBlock, Kind, participantNames as flowParticipants } from './flow.js';

/** Takes the flow: an engine, a shard or the peer. Intentions are numbered from 0 through all rounds. */
export interface FlowTaker {
  post(
    clientIntentionId: string,
    participant: string,
    side: number,
    priceTicks: number,
    quantityLots: number,
    instrumentId?: number,
  ): void;
  withdraw(intention: number): void;
  /** Receives each post of a group before the first of them is posted: a batch that arrives whole can be looked through first. */
  prefetch?(clientIntentionId: string, participant: string): void;
}

const PREFETCHED_AT_ONCE = 64;

/** Plays a block round and round. Client ids are a round and a number in it, in base 36: short, and never the same twice. */
export class FlowPlayer {
  /** How many intentions have been posted. */
  posted = 0;
  private at = 0;
  private round = 0;
  private roundStart = 0;
  private readonly names: readonly string[];

  constructor(
    private readonly block: FlowBlock,
    private readonly participantNames: readonly string[] = flowParticipants,
  ) {
    this.names = Array.from({ length: block.posts }, (_, index) => `-${index.toString(36)}`);
  }

  /** Posts so many intentions more, with the withdrawals that come between them. */
  play(posts: number, taker: FlowTaker): void {
    const until = this.posted + posts;
    while (this.posted < until) {
      if (this.at === this.block.commands) this.nextRound();
      this.playRound(until, taker);
    }
  }

  /** Plays on to where a round ends and nobody rests. */
  finishRound(taker: FlowTaker): void {
    this.play(this.roundStart + this.block.posts - this.posted, taker);
    this.playRound(Number.POSITIVE_INFINITY, taker);
  }

  /** How many deals the whole rounds played so far have led to. */
  get dealsOfWholeRounds(): number {
    return (this.round + (this.at === this.block.commands ? 1 : 0)) * this.block.shape.deals;
  }

  private nextRound(): void {
    this.at = 0;
    this.round++;
    this.roundStart = this.posted;
  }

  private playRound(until: number, taker: FlowTaker): void {
    const { kinds, priceTicks, lots, participants, intentions, instruments, commands } = this.block;
    const { names, participantNames, roundStart } = this;
    const prefix = this.round.toString(36);
    let { at, posted } = this;
    for (; at < commands && posted < until; at++) {
      const kind = kinds[at] as number; // at < commands, so every column has a value there
      const intention = intentions[at] as number; // likewise
      if (kind === Kind.Withdraw) {
        taker.withdraw(roundStart + intention);
        continue;
      }
      if (posted % PREFETCHED_AT_ONCE === 0 && taker.prefetch !== undefined) this.prefetchFrom(at, taker);
      posted++;
      const clientIntentionId = prefix + (names[intention] as string); // there is a name for each
      const participant = participantNames[participants[at] as number] as string; // likewise
      const instrumentId = instruments === undefined ? 1 : (instruments[at] as number); // likewise, here and below
      taker.post(clientIntentionId, participant, kind, priceTicks[at] as number, lots[at] as number, instrumentId);
    }
    this.at = at;
    this.posted = posted;
  }

  private prefetchFrom(from: number, taker: FlowTaker): void {
    const { kinds, participants, intentions, commands } = this.block;
    const prefix = this.round.toString(36);
    for (let at = from, left = PREFETCHED_AT_ONCE; at < commands && left > 0; at++) {
      if (kinds[at] === Kind.Withdraw) continue;
      const name = this.names[intentions[at] as number] as string; // there is a name for each; at < commands
      taker.prefetch?.(prefix + name, this.participantNames[participants[at] as number] as string); // likewise
      left--;
    }
  }
}
