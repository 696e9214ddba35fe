import { Index } from '../../domain/ids.js';
import { type Message, MessageKind } from '../../domain/negotiators/mailbox.js';
import type { Recorder } from '../../domain/recorder.js';
import type { RemoteShards } from '../../domain/handshake/remote-shards.js';
import { TimeInForce } from '../../domain/terms.js';
import { Turns } from '../../domain/turns.js';

/** A deal that is in doubt on both sides: proposed and accepted, and not decided. */
export interface DealInDoubt {
  readonly initiatorId: number;
  /** Whether it belongs to what is to be dealt whole: a fill-or-kill or an auction. Parking its initiator leaves that in part. */
  readonly isOfWhole: boolean;
}

/**
 * Asked whenever an acceptance reaches the intention that proposed: whether its negotiator fails now, before it has decided. It is asked
 * again once the negotiator has been rebuilt; one that fails again and again is parked.
 */
export type Faults = (deal: DealInDoubt) => boolean;

/** What of a shard's options its turns go by. */
interface TurnsOptions {
  readonly faults: Faults | undefined;
  readonly fusesHandshakes: boolean;
}

/** What a negotiator throws that was made to fail. */
class InjectedFaultError extends Error {
  readonly code = 'INJECTED_FAULT';
  override readonly name = 'InjectedFaultError';
}

/**
 * The turns of a shard, in which negotiators fail as `faults` say: amid handshakes, which then are not fused. Without any they are the
 * plain ones, which pay nothing for it.
 */
export function turnsWith({ faults, fusesHandshakes }: TurnsOptions, recorder: Recorder, remote: RemoteShards): Turns {
  if (faults !== undefined) return new FailingTurns(recorder, remote, faults);
  return new Turns(recorder, remote, fusesHandshakes);
}

class FailingTurns extends Turns {
  declare readonly receive: Turns['receive'];

  constructor(
    recorder: Recorder,
    remote: RemoteShards,
    private readonly faults: Faults,
  ) {
    super(recorder, remote, false);
    const { receive } = this;
    this.receive = (message) => {
      if (message.kind === MessageKind.Acceptance && !this.market.isRemote(message.toId)) this.mayFail(message);
      receive(message);
    };
  }

  private mayFail({ toId: initiatorId, fromId }: Message): void {
    const { negotiators } = this.market;
    const row = negotiators.rowOf(fromId);
    const isFillOrKill = row !== Index.None && negotiators.timeInForce(row) === TimeInForce.Fok;
    if (!this.faults({ initiatorId, isOfWhole: isFillOrKill || this.auction.isUnderWay })) return;
    this.receiverId = initiatorId;
    throw new InjectedFaultError(`intention ${initiatorId} was made to fail amid its handshake`);
  }
}
