/** Which events of the log are about a participant, told from the log alone and by nothing that the exchange shares. */
import { ParleyClient } from '../../src/client/index.js';

/** The whole log is read again by none: each call goes on where the last one ended. */
interface Reading {
  next: number;
  readonly participants: Map<number, string>;
  /** Whose each intention is. */
  readonly owners: Map<number, string>;
  readonly positions: Map<string, number[]>;
}

const readings = new Map<string, Reading>();

/** Those that are about a participant itself, which they name. */
const ofParticipant: ReadonlySet<string> = new Set(['SwitchSet', 'SwitchLapsed', 'LimitsSet', 'PostRefused']);

/** Events of an intention’s own stream that change nothing of it: a proposal that was declined by the responder. */
const silent: ReadonlySet<string> = new Set(['ProposalDeclined']);

export async function ownPositions(url: string, participant: string, until: number): Promise<readonly number[]> {
  const reading: Reading = readings.get(url) ?? {
    next: 0,
    participants: new Map(),
    owners: new Map(),
    positions: new Map(),
  };
  readings.set(url, reading);
  if (reading.next < until) await readOn(url, reading, until);
  return (reading.positions.get(participant) ?? []).filter((position) => position < until);
}

async function readOn(url: string, reading: Reading, until: number): Promise<void> {
  const client = new ParleyClient({ url, retry: { attempts: 1_000, baseMs: 20, maxMs: 200 } });
  for await (const event of client.events({ from: reading.next })) {
    const { position, type, stream } = event;
    reading.next = position + 1;
    if (type === 'ParticipantAdmitted') reading.participants.set(Number(event.participantId), String(event.name));
    const id = Number(/^intention-(\d+)$/.exec(stream)?.[1] ?? 0);
    const named = reading.participants.get(Number(event.participantId)) ?? '';
    if (type === 'IntentionPosted') reading.owners.set(id, named);
    const owner = ofParticipant.has(type) ? named : reading.owners.get(id);
    if (owner !== undefined && !silent.has(type)) {
      const positions = reading.positions.get(owner) ?? [];
      reading.positions.set(owner, positions);
      positions.push(position);
    }
    if (position + 1 >= until) return;
  }
}
