/**
 * Judges what a server and an audit did with a log that somebody had changed, by what can be known of that log.
 *
 * | the log                  | beside it           | the server                                  | the audit          |
 * | ------------------------ | ------------------- | ------------------------------------------- | ------------------ |
 * | is whole                 | nothing contradicts | answers as before                           | 0                  |
 * | is whole                 | was harmed itself   | answers as before, or refuses with a reason | 0, or 3 or 4       |
 * | is held back at its end  | nothing can show it | refuses with a reason                       | 1, saying so       |
 * | has lost an answer       | something shows it  | refuses with a reason, and changes nothing  | 3 or 4             |
 * | has lost an answer       | nothing shows it    | may serve what is there                     | 0 (1 without log)  |
 *
 * An audit that is given anchors is held to them too. A refusal of what lost something goes with an audit that does not say that all is
 * well.
 */

/** What is true of a log, by what the judge itself read of it. */
export interface Facts {
  /** What was acknowledged, or stood there before, and does not stand there now; and why the log is none, where it is none. */
  readonly lost: readonly string[];
  /** What in the log and beside it shows that. */
  readonly shows: readonly string[];
  /** As far as an audit can see it, which knows nothing of another program's log but what stands in it. All of it, unless it is said. */
  readonly auditShows?: readonly string[];
  /** What anchors that are kept in another place show. */
  readonly anchorShows: readonly string[];
  /** There is a log. */
  readonly isThere: boolean;
  /** Somebody holds back its end, and nobody can tell where that is. */
  readonly isHeld?: boolean;
}

export interface Audited {
  readonly code: number;
  readonly says: string;
}

export type Start =
  | {
      readonly kind: 'served';
      /** How its answers differ from those before. */ readonly differences: readonly string[];
    }
  | {
      /** It ended, or it stays up and not ready. */
      readonly kind: 'refused';
      /** Undefined where it stays up. */
      readonly code: number | undefined;
      readonly says: string;
      /** What it changed of the log. */
      readonly changed: readonly string[];
    };

export interface Observation {
  readonly start: Start;
  readonly audit: Audited;
  /** With the anchors, where audits can be given any. */
  readonly anchoredAudit?: Audited | undefined;
}

/** `harmless`: nothing that a log needs was touched. `beside`: the log was not. `log`: the log may have been. */
export type Harm = 'harmless' | 'beside' | 'log';

export type Outcome = 'as before' | 'refused' | 'otherwise';

const SAW_IT: readonly number[] = [3, 4];
/** What servers and audits say of a log whose end somebody holds back. */
export const HELD = 'where the log ends cannot be known';
const UNKNOWN_END = 'nobody can tell where the log ends';
const SHOWN = 600;

export function outcomeOf({ start }: Observation): Outcome {
  if (start.kind === 'refused') return 'refused';
  return start.differences.length === 0 ? 'as before' : 'otherwise';
}

/** What was not as it must be, in words. */
export function judge(harm: Harm, facts: Facts, observation: Observation): string[] {
  const { start, audit, anchoredAudit } = observation;
  const auditShows = facts.auditShows ?? facts.shows;
  return [
    ...(start.kind === 'served' ? judgeService(facts, start) : judgeRefusal(harm, facts, start, audit)),
    ...judgeAudit('the audit', harm, facts, auditShows, audit),
    ...(anchoredAudit === undefined
      ? []
      : judgeAudit('the audit with anchors', harm, facts, [...auditShows, ...facts.anchorShows], anchoredAudit)),
  ];
}

function judgeService(
  { lost, shows, isHeld = false }: Facts,
  { differences }: Extract<Start, { kind: 'served' }>,
): string[] {
  if (isHeld) return [`it serves, though ${UNKNOWN_END}`];
  if (lost.length > 0) return shows.length === 0 ? [] : [`it serves, though ${evident(lost, shows)}`];
  return differences.length === 0 ? [] : [`the log is whole, and it answers otherwise: ${listed(differences)}`];
}

function judgeRefusal(
  harm: Harm,
  { lost, shows }: Facts,
  { code, says, changed }: Extract<Start, { kind: 'refused' }>,
  audit: Audited,
): string[] {
  const found: string[] = [];
  if (code !== undefined && code <= 0) found.push(`it refuses, and ends with ${code}`);
  if (says.trim() === '') found.push('it refuses without a reason');
  if (changed.length > 0) found.push(`it refuses, and changes ${changed.join(', ')}`);
  if (lost.length === 0 && shows.length === 0 && harm === 'harmless')
    found.push(`it refuses, and nothing is lost: ${says.slice(0, SHOWN)}`);
  if (lost.length > 0 && shows.length === 0 && audit.code === 0) {
    found.push(`it refuses (${says.slice(0, SHOWN)}), and the audit says that all is well`);
  }
  return found;
}

function judgeAudit(
  name: string,
  harm: Harm,
  { lost, isThere, isHeld = false }: Facts,
  shows: readonly string[],
  audit: Audited,
): string[] {
  const { code, says } = audit;
  const ended = `${name} ends with ${code}`;
  if (lost.length > 0 && shows.length > 0) {
    return SAW_IT.includes(code) ? [] : [`${ended}, though ${evident(lost, shows)}`];
  }
  if (isHeld) {
    return code === 1 && says.includes(HELD) ? [] : [`${ended}, though ${UNKNOWN_END}: ${says}`];
  }
  const isFine = code === 0 || (code === 1 && !isThere) || (SAW_IT.includes(code) && harm !== 'harmless');
  return isFine ? [] : [`${ended}, and nothing shows a loss: ${says.slice(0, SHOWN)}`];
}

function listed(all: readonly string[]): string {
  const [first = '', ...more] = all;
  return more.length === 0 ? first : `${first} (and ${more.length} more)`;
}

function evident(lost: readonly string[], shows: readonly string[]): string {
  return lost[0] === shows[0] ? listed(shows) : `${listed(lost)}; ${listed(shows)}`;
}
