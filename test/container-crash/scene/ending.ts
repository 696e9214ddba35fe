/** Why a container ended by itself, by what it had said, and whether it might. */
export interface Ended {
  readonly role: string;
  readonly exitCode: number;
  /** It was to be killed for want of memory. */
  readonly isStarved: boolean;
  /** Since it was started. */
  readonly said: string;
}

export interface Ending {
  readonly role: string;
  /** In one line. */
  readonly reason: string;
  /** With all that speaks for it; undefined where it may end so. */
  readonly finding: string | undefined;
}

/** From here on an exit code stands for a signal that nobody has sent. */
const SIGNALLED = 128;
const KILLED = 137;
const EXCERPT = 2_000;
const LONGEST_REASON = 160;

export function readEnding({ role, exitCode, isStarved, said }: Ended): Ending {
  if (isStarved && exitCode === KILLED) return { role, reason: 'killed for want of memory', finding: undefined };
  const reason = `exit code ${exitCode}: ${lastWord(said)}`.slice(0, LONGEST_REASON);
  // Node's own last words, after the stack of what nobody has caught.
  const hasCrashed = /^Node\.js v\d/m.test(said) || exitCode >= SIGNALLED || exitCode === 0;
  // Nobody here damages a log, or takes anything of it away.
  const hasGivenUp = said.includes('"msg":"the shard has stopped for good');
  const isFinding = role.startsWith('exchange') && (hasCrashed || hasGivenUp);
  return {
    role,
    reason,
    finding: isFinding ? `${role} ended by itself: ${reason}\n${said.slice(-EXCERPT)}` : undefined,
  };
}

/** The last that it said of something being wrong, of a log in lines of JSON or plain ones. */
function lastWord(said: string): string {
  const lines = said.trim().split('\n');
  const grave =
    lines.filter((line) => /"level":"?(error|fatal|50|60)|\b(ERROR|FATAL)\b/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  try {
    const { msg, reason } = JSON.parse(grave) as { msg?: string; reason?: string }; // a line of the log, or no JSON
    return [msg, reason].filter((part) => part !== undefined).join(': ');
  } catch {
    return grave.replace(/^\[?[\d-]+[T ][\d:,.]+Z?\]? */, '');
  }
}
