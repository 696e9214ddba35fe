import { describe, expect, it } from 'vitest';
import {
  everything,
  fieldsOf,
  filterIn,
  judge,
  type LogFilter,
  showsType,
  withTypesShown,
  withTypeToggled,
} from '../../../../../src/web/log/telling/filter.js';
import { LogNames } from '../../../../../src/web/log/telling/names.js';
import { admitted, event, listed, posted } from '../events.js';

const known = new LogNames();
for (const each of [admitted(1, 'alice'), admitted(2, 'bob'), listed(1, 'ACME'), listed(2, 'GLOBEX')]) known.take(each);
for (const each of [posted(7, 1), posted(9, 2), posted(12, 2, { instrumentId: 2 })]) known.take(each);

const only = (fields: Partial<LogFilter>): LogFilter => ({ ...everything, ...fields });
const handshake = [
  event('ProposalMade', { intentionId: 7, counterpartyId: 9 }),
  event('ProposalAccepted', { intentionId: 9, initiatorId: 7 }),
  event('DealSettled', { intentionId: 9, initiatorId: 7 }),
  event('DealAborted', { initiatorId: 7, responderId: 9 }),
];

describe('a filter of the log', () => {
  it('A filter of the log by participant finds what the participant’s intentions take part in, where no event names the participant', () => {
    for (const each of handshake) {
      expect(judge(only({ participant: 'alice' }), each, known)).toBe('yes');
      expect(judge(only({ participant: 'carol' }), each, known)).toBe('no');
      expect(judge(only({ participant: '!bob' }), each, known)).toBe('no');
    }
  });

  it('A filter of the log by instrument finds what intentions of the instrument take part in', () => {
    for (const each of handshake) {
      expect(judge(only({ instrument: 'ACME' }), each, known)).toBe('yes');
      expect(judge(only({ instrument: 'GLOBEX' }), each, known)).toBe('no');
    }
    expect(judge(only({ instrument: 'GLOBEX' }), event('IntentionExpired', { intentionId: 12 }), known)).toBe('yes');
    expect(judge(only({ instrument: 'GLOBEX' }), event('LimitsSet', { instrumentId: 0 }), known)).toBe('yes');
  });

  it('A filter of the log is unsure of an intention that nobody has told of, and leaves it in for the time being', () => {
    const unseen = event('DealSettled', { intentionId: 500, initiatorId: 501 });
    expect(judge(only({ participant: 'alice' }), unseen, known)).toBe('unknown');
    expect(judge(only({ instrument: '!ACME' }), unseen, known)).toBe('unknown');
    expect(judge(only({ text: 'alice' }), unseen, known)).toBe('unknown');
    expect(judge(only({ participant: 'alice', not: ['DealSettled'] }), unseen, known)).toBe('no');
  });

  it('A filter of the log knows enough where one of two sides is known', () => {
    const half = event('ProposalMade', { intentionId: 7, counterpartyId: 500 });
    expect(judge(only({ participant: 'alice' }), half, known)).toBe('yes');
    expect(judge(only({ participant: 'bob' }), half, known)).toBe('unknown');
    expect(judge(only({ instrument: 'GLOBEX' }), half, known)).toBe('no');
  });

  it('A filter of the log by participant leaves out what is of nobody', () => {
    expect(judge(only({ participant: 'alice' }), event('BatchSealed'), known)).toBe('no');
    expect(judge(only({ participant: '!alice' }), event('BatchSealed'), known)).toBe('yes');
  });

  it('A filter of the log by text looks at the sentence, the stream and the event’s own texts', () => {
    const post = posted(7, 1, { clientIntentionId: 'Order-77' });
    expect(judge(only({ text: 'order-77' }), post, known)).toBe('yes');
    expect(judge(only({ text: '10.25' }), post, known)).toBe('yes');
    expect(judge(only({ text: 'intention-7' }), post, known)).toBe('yes');
    expect(judge(only({ text: '!order-77' }), post, known)).toBe('no');
    expect(judge(only({ text: 'globex' }), post, known)).toBe('no');
  });

  it('A filter of the log by stream takes the stream of that name alone', () => {
    expect(judge(only({ stream: 'intention-9' }), posted(9, 2), known)).toBe('yes');
    expect(judge(only({ stream: 'intention-9' }), posted(90, 2), known)).toBe('no');
    expect(judge(only({ stream: '!intention-9' }), posted(9, 2), known)).toBe('no');
  });

  it('A filter of the log comes back from the address that it was written to', () => {
    const filter = only({ not: ['BatchSealed'], participant: '!alice', text: 'at 10.25' });
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(fieldsOf(filter))) if (value !== undefined) query.set(name, value);
    expect(filterIn(query)).toEqual(filter);
    expect(Object.values(fieldsOf(everything)).every((value) => value === undefined)).toBe(true);
  });

  it('A filter of the log says which types it shows in the shorter way, and leaves later versions’ types in where most are shown', () => {
    const types = ['A', 'B', 'C', 'D'];
    expect(withTypeToggled(everything, 'A', types)).toMatchObject({ only: [], not: ['A'] });
    expect(withTypesShown(everything, new Set(['B']), types)).toMatchObject({ only: ['B'], not: [] });
    const one = withTypesShown(everything, new Set(['B']), types);
    expect(withTypeToggled(one, 'C', types)).toMatchObject({ only: [], not: ['A', 'D'] });
    expect(showsType(withTypeToggled(everything, 'A', types), 'Later')).toBe(true);
    expect(showsType(one, 'Later')).toBe(false);
  });
});
