import { describe, expect, it } from 'vitest';
import { runInProcess } from '../../../support/cli/in-process.js';

describe('parley help', () => {
  it.each([
    ['help post', 'parley post '],
    ['help log', 'parley log '],
    ['help log cat', 'parley log cat '],
    ['help keys add', 'parley keys add '],
    ['log help cat', 'parley log cat '],
    ['help log help', 'parley log help '],
    ['help', 'parley '],
    ['log help', 'parley log '],
  ])('`parley %s` prints the help of the verb that it names', async (line, usage) => {
    const { code, stdout } = await runInProcess(line.split(' '));
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: ${usage}(\\[|<)`));
  });

  it.each([
    ['help nonsense', 'nonsense', 'serve, run, list'],
    ['help log nonsense', 'nonsense', 'cat, tail, export'],
    ['log help nonsense', 'nonsense', 'cat, tail, export'],
    ['help post nonsense', 'nonsense', 'post has no verbs below it'],
  ])('`parley %s` is refused, and says what verbs there are', async (line, word, there) => {
    const { code, stdout, stderr } = await runInProcess(line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`there is no verb "${word}"`);
    expect(stderr).toContain(there);
  });
});
