import { describe, expect, it } from 'vitest';
import { whyMavenFailed } from '../../../../../infra/kafka/local/installation.js';

describe('why Kafka’s jars could not be fetched', () => {
  it('Why Kafka’s jars could not be fetched is what Maven says first, in one line without colours', () => {
    const told = [
      '\u001b[0m[ERROR] No plugin found for prefix \u001b[1mdependency\u001b[m in the plugin groups -> [Help 1]',
      '[ERROR] ',
      '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.',
    ].join('\n');
    expect(whyMavenFailed(told)).toBe('No plugin found for prefix dependency in the plugin groups');
  });

  it('Why Kafka’s jars could not be fetched is the innermost of errors within errors', () => {
    const told =
      '[ERROR] Plugin p or one of its dependencies could not be resolved: Failed to read artifact descriptor for p:jar:2.8: ' +
      'Could not transfer artifact p:pom:2.8 from/to central (https://example.com): Unknown host example.com -> [Help 1]\n';
    const innermost =
      'Could not transfer artifact p:pom:2.8 from/to central (https://example.com): Unknown host example.com';
    expect(whyMavenFailed(told)).toBe(innermost);
  });

  it('Why Kafka’s jars could not be fetched is not known where Maven says nothing', () => {
    expect([whyMavenFailed(''), whyMavenFailed('[ERROR] \n[INFO] done')]).toEqual([undefined, undefined]);
  });
});
