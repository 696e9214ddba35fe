import { describe, expect, it } from 'vitest';
import { compared } from '../../../../src/web/audit/comparison.js';
import { event, sourceOfLog } from '../log/events.js';

const [first, last, other] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const log = [event('ShardStarted', {}, 0), event('BatchSealed', { digest: first }, 1), event('SwitchLapsed', {}, 2)];
const audited = { shard: 0, eventCount: 4, digest: last };

async function outcomeOf(text: string): Promise<string> {
  return (await compared(text, audited, sourceOfLog(log), undefined)).outcome;
}

describe('comparing an audited log with what was kept elsewhere', () => {
  it('The comparison of an audited log holds a digest against that of the last batch', async () => {
    expect(await outcomeOf(` ${last.toUpperCase()} `)).toBe('held');
    expect(await outcomeOf(other)).toBe('differs');
  });

  it('The comparison of an audited log holds an anchor against the batch that ends at its position', async () => {
    expect(await outcomeOf(`0/4:${last}`)).toBe('held');
    expect(await outcomeOf(`0/2:${first}`)).toBe('held');
    expect(await outcomeOf(`2:${other}`)).toBe('differs');
    expect((await compared(`3:${first}`, audited, sourceOfLog(log), undefined)).says).toContain('no batch ends there');
  });

  it('The comparison of an audited log does not judge what lies beyond the audit, or is of another shard', async () => {
    expect(await outcomeOf(`0/9:${last}`)).toBe('notJudged');
    expect(await outcomeOf(`1/4:${last}`)).toBe('notJudged');
  });

  it('The comparison of an audited log calls a text unreadable that is neither a digest nor an anchor', async () => {
    expect(await outcomeOf('deadbeef')).toBe('unreadable');
  });
});
