/** What the feed of events has shown stands in the log, event by event, and without a gap. */
import type { Finding } from './findings.js';
import { isFollowing, type LogEvent, type Operation } from './history.js';
import { canonical, shortened, wordsOf } from './same.js';

export function checkFeeds(
  operations: readonly Operation[],
  log: readonly LogEvent[],
): { findings: Finding[]; shown: number } {
  const findings: Finding[] = [];
  let shown = 0;
  for (const operation of operations.filter(isFollowing)) {
    const events = operation.reply?.body.events;
    if (!Array.isArray(events)) continue;
    shown += events.length;
    const at = events.findIndex((event, index) => canonical(event) !== canonical(log[operation.ask.from + index]));
    if (at === -1) continue;
    const position = operation.ask.from + at;
    const held = log[position];
    const message = `${wordsOf({ ...operation, reply: undefined })}: at ${position} it showed ${shortened(events[at])}, and the log holds ${held === undefined ? 'nothing' : shortened(held)}`;
    findings.push({ kind: 'feed', about: 'events', position, message });
  }
  return { findings, shown };
}
