import { describe, expect, it } from 'vitest';
import { type Facts, judge, type Observation } from '../../tamper/judge.js';

const whole: Facts = { lost: [], shows: [], anchorShows: [], isThere: true };
const fine = { code: 0, says: 'all is well' };
const damaged = { code: 4, says: 'the log is damaged' };
const served = { kind: 'served', differences: [] } as const;
const refused = { kind: 'refused', code: 4, says: 'post-3 is gone', changed: [] } as const;
const lost = ['post-3, acknowledged at 9, is gone'];

/** What a server and an audit make of a log that somebody has changed. */
function found(facts: Partial<Facts>, observation: Partial<Observation>): string {
  return judge('log', { ...whole, ...facts }, { start: served, audit: fine, ...observation }).join('\n');
}

describe('the judge of changed logs', () => {
  it('The judge of changed logs has nothing against a whole log that is answered from as before', () => {
    expect(judge('harmless', whole, { start: served, audit: fine, anchoredAudit: fine })).toEqual([]);
  });

  it('The judge of changed logs has nothing against a refusal with a reason of what is seen to have lost something', () => {
    expect(found({ lost, shows: ['queries.db knows more'] }, { start: refused, audit: damaged })).toBe('');
  });

  it('The judge of changed logs has nothing against serving what is left where nothing can show that there was more', () => {
    const differences = ['post-3 is gone'];
    expect(found({ lost }, { start: { kind: 'served', differences } })).toBe('');
  });

  it('The judge of changed logs finds an empty exchange that is served beside claims that know of more', () => {
    const facts = { lost, shows: ['writer-000003.json knows of position 40, the log ends at 0'], isThere: false };
    const start = { kind: 'served', differences: ['post-3 is gone'] } as const;
    expect(found(facts, { start, audit: damaged })).toContain('it serves, though post-3');
  });

  it('The judge of changed logs finds a server that answers as before out of a snapshot, though the log before that is damaged', () => {
    const shows = ['a frame is no frame'];
    expect(found({ lost: shows, shows }, { audit: damaged })).toBe('it serves, though a frame is no frame');
  });

  it('The judge of changed logs finds a front that nobody looks at: the log begins past 0, and all is said to be well', () => {
    const shows = ['the log begins at 12'];
    expect(found({ lost: shows, shows }, { start: refused, audit: fine })).toContain('the audit ends with 0, though');
  });

  it('The judge of changed logs finds an end that was taken for the end too early: acknowledged posts are new again', () => {
    const differences = ['post-3 was at 9, and is at 5'];
    expect(found({}, { start: { kind: 'served', differences } })).toContain('it answers otherwise: post-3');
  });

  it('The judge of changed logs finds an audit that is given an anchor beyond the head, and says that all is well', () => {
    const facts = { lost, anchorShows: ['an anchor knows of position 40, the log ends at 30'] };
    expect(found(facts, { anchoredAudit: fine })).toContain('the audit with anchors ends with 0, though');
    expect(found(facts, { anchoredAudit: damaged })).toBe('');
  });

  it('The judge of changed logs takes neither a failure nor a usage error of an audit for having seen a loss', () => {
    for (const code of [1, 2, -1]) {
      expect(found({ lost, shows: ['it shows'] }, { start: refused, audit: { code, says: '' } })).toContain(
        `with ${code}`,
      );
    }
  });

  it('The judge of changed logs wants of a log whose end is held back a refusal, and an audit that says so', () => {
    const facts: Facts = { ...whole, isHeld: true };
    const held = { code: 1, says: 'an open transaction holds back 3 records: where the log ends cannot be known' };
    expect(judge('beside', facts, { start: refused, audit: held })).toEqual([]);
    expect(judge('beside', facts, { start: refused, audit: fine }).join('\n')).toContain(
      'the audit ends with 0, though',
    );
    expect(judge('beside', facts, { start: refused, audit: { code: 1, says: 'oh' } }).join('\n')).toContain('with 1');
    expect(judge('beside', facts, { start: served, audit: held }).join('\n')).toContain('it serves, though');
    expect(judge('beside', whole, { start: refused, audit: held }).join('\n')).toContain('with 1, and nothing shows');
  });

  it('The judge of changed logs finds a refusal without a reason, one that a signal ended, and one that changed the log', () => {
    const facts = { lost, shows: ['it shows'] };
    const refusing = (change: object) => found(facts, { start: { ...refused, ...change }, audit: damaged });
    expect(refusing({ says: ' ' })).toContain('without a reason');
    expect(refusing({ code: -1 })).toContain('ends with -1');
    expect(refusing({ code: 0 })).toContain('ends with 0');
    expect(refusing({ changed: ['writer-000004.json'] })).toContain('changes writer-000004.json');
  });

  it('The judge of changed logs finds a refusal of what was harmless, and not one of a log whose claims were removed', () => {
    const refusal = { start: refused, audit: damaged };
    expect(judge('harmless', whole, refusal).join('\n')).toContain('it refuses, and nothing is lost');
    expect(judge('beside', whole, refusal)).toEqual([]);
  });

  it('The judge of changed logs does not ask an audit for what only the server’s own folder can show', () => {
    const facts = { lost, shows: ['queries.db knows more'], auditShows: [], isThere: false };
    for (const code of [0, 1, 3]) expect(found(facts, { start: refused, audit: { code, says: '' } })).toBe('');
    expect(found(facts, { audit: fine })).toContain('it serves, though');
  });

  it('The judge of changed logs finds a refusal of what lost something whose audit says that all is well', () => {
    expect(found({ lost }, { start: refused, audit: fine })).toContain('the audit says that all is well');
    expect(judge('beside', whole, { start: refused, audit: fine })).toEqual([]);
  });
});
