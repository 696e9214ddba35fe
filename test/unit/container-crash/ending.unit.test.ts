import { describe, expect, it } from 'vitest';
import { countEndings } from '../../container-crash/report.js';
import { readEnding } from '../../container-crash/scene/ending.js';

const ended = { role: 'exchange-1', exitCode: 1, isStarved: false, said: '' };
const stopped = '{"level":60,"time":1,"reason":"LOG_LOST","msg":"the shard has stopped for good: the process ends"}\n';
const crash = 'file:///app/dist/x.js:3\nTypeError: x is not a function\n    at y (x.js:3:1)\n\nNode.js v20.20.2\n';

describe('why a container ended by itself', () => {
  it('An exchange whose shard has stopped for good is a finding, for nobody has damaged a log, and its own says why', () => {
    const { finding, reason } = readEnding({
      ...ended,
      said: `{"level":30,"msg":"up"}\n${stopped}{"level":30,"msg":"down"}\n`,
    });
    expect(reason).toBe('exit code 1: the shard has stopped for good: the process ends: LOG_LOST');
    expect(finding).toContain('LOG_LOST');
  });

  it('An exchange that finds no broker may end, and is started again', () => {
    const said = 'error: Kafka at kafka-1.brokers:9092: nobody listens there\n';
    expect(readEnding({ ...ended, said }).finding).toBeUndefined();
  });

  it('An exchange that ends by an exception which nobody has caught is a finding', () => {
    expect(readEnding({ ...ended, said: crash }).finding).toContain('x is not a function');
  });

  it('An exchange that ends by a signal which nobody has sent is a finding, but where its memory was taken', () => {
    expect(readEnding({ ...ended, exitCode: 139 }).finding).toContain('exit code 139');
    expect(readEnding({ ...ended, exitCode: 137 }).finding).toBeDefined();
    const starved = readEnding({ ...ended, exitCode: 137, isStarved: true });
    expect(starved).toEqual({ role: 'exchange-1', reason: 'killed for want of memory', finding: undefined });
  });

  it('A broker may end as it likes, and the last error that it has logged is the reason', () => {
    const said =
      '[2026-11-30 02:00:00,123] ERROR Shutdown broker because all log dirs have failed (kafka.Kafka)\nbye\n';
    const { finding, reason } = readEnding({ ...ended, role: 'kafka-2', said });
    expect(finding).toBeUndefined();
    expect(reason).toContain('ERROR Shutdown broker because all log dirs have failed');
  });

  it('Endings are counted by whom they befell and why, the most frequent first', () => {
    const [one, other] = [readEnding(ended), readEnding({ ...ended, isStarved: true, exitCode: 137 })];
    expect(countEndings([one, other, other])).toEqual([
      '2 exchange-1: killed for want of memory',
      '1 exchange-1: exit code 1: ',
    ]);
  });
});
