import { type Message, MessageKind } from '../../domain/negotiators/mailbox.js';
import type { Recorder } from '../../domain/recorder.js';
import type { RemoteShards } from '../../domain/handshake/remote-shards.js';
import { Turns } from '../../domain/turns.js';

/**
 * Asked whenever an acceptance reaches the intention that proposed, which is when a deal is in doubt on both sides: whether its negotiator
 * fails now, before it has decided. One that fails again and again is parked.
 */
export type Faults = (intentionId: number) => boolean;

/** What a negotiator throws that was made to fail. */
class InjectedFaultError extends Error {
  readonly code = 'INJECTED_FAULT';
  override readonly name = 'InjectedFaultError';
}

/** The turns of a shard, in which negotiators fail as `faults` say. Without any they are the plain ones, which pay nothing for it. */
export function turnsWith(faults: Faults | undefined, recorder: Recorder, remote: RemoteShards): Turns {
  return faults === undefined ? new Turns(recorder, remote) : new FailingTurns(recorder, remote, faults);
}

class FailingTurns extends Turns {
  declare readonly receive: Turns['receive'];

  constructor(recorder: Recorder, remote: RemoteShards, faults: Faults) {
    super(recorder, remote);
    const { receive } = this;
    this.receive = (message: Message): void => {
      const { kind, toId } = message;
      if (kind === MessageKind.Acceptance && !this.market.isRemote(toId) && faults(toId)) {
        this.receiverId = toId;
        throw new InjectedFaultError(`intention ${toId} was made to fail amid its handshake`);
      }
      receive(message);
    };
  }
}
