import { type Actor, actingFor } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import { isParticipant } from '../../exchange/posts/parse-post.js';
import type { Lifecycle } from '../lifecycle.js';
import type { Disconnects } from './disconnects.js';

/** Those whose intentions one connection may answer for. */
const MOST_PARTICIPANTS = 64;

/**
 * Whose intentions are withdrawn when one connection ends.
 *
 * 1. What was answered before it ended counts, whoever ends it, and why.
 * 2. Nothing that came on it is left open: what was under way at its end is waited for, and then withdrawn too.
 * 3. A stop of the server waits for it.
 */
export class SocketDeparture {
  private readonly participants = new Set<string>();
  private settle: (() => void) | undefined;

  constructor(
    private readonly disconnects: Disconnects,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** `given`: what the message says. */
  ask(given: unknown, caller: Actor): { readonly participants: readonly string[] } | Problem {
    if (given === false) {
      this.participants.clear();
      return { participants: [] };
    }
    const named = given === true ? undefined : participantOf(given);
    if (typeof named === 'object') return named;
    const participant = actingFor(caller, named);
    if (typeof participant === 'object') return participant;
    if (participant === undefined) return problem('INVALID_COMMAND', NOBODY);
    if (!isParticipant(participant)) return problem('INVALID_PARTICIPANT', 'there can be no such participant');
    return this.add(participant);
  }

  /** The connection has ended. `answered`: once what was under way on it is; undefined where nothing was. */
  left(answered: Promise<unknown> | undefined): void {
    const all = [...this.participants];
    const withdraw = (): Promise<unknown> => Promise.all(all.map((each) => this.disconnects.withdraw(each)));
    const withdrawn = withdraw();
    const done = answered === undefined ? withdrawn : Promise.allSettled([withdrawn, answered]).then(withdraw);
    void done.then(() => this.settle?.());
  }

  private add(participant: string): { readonly participants: readonly string[] } | Problem {
    if (!this.participants.has(participant) && this.participants.size >= MOST_PARTICIPANTS) {
      return problem('TOO_MANY_REQUESTS', `a connection has at most ${MOST_PARTICIPANTS} participants`);
    }
    this.participants.add(participant);
    if (this.settle === undefined) this.lifecycle.waitFor(new Promise<void>((resolve) => (this.settle = resolve)));
    return { participants: [...this.participants] };
  }
}

const NOBODY = 'say whose: {"withdrawOnDisconnect":{"participant":"…"}}';

function participantOf(given: unknown): string | Problem {
  if (typeof given === 'object' && given !== null && Object.keys(given).join() === 'participant') {
    const { participant } = given as { readonly participant: unknown }; // its only key
    if (typeof participant === 'string') return participant;
  }
  return problem('INVALID_COMMAND', 'withdrawOnDisconnect is true, false, or {"participant":"…"}');
}
