import { describe, expect, it } from 'vitest';
import { Newest } from '../../../../src/web/parts/newest.js';

/** Questions that are answered when the test says so. */
function questions() {
  const asked: {
    question: string;
    signal: AbortSignal;
    resolve: (answer: string) => void;
    reject: (e: Error) => void;
  }[] = [];
  const told: string[] = [];
  const newest = new Newest<string, string>({
    ask: (question, signal) => new Promise((resolve, reject) => asked.push({ question, signal, resolve, reject })),
    answered: (question, answer) => told.push(`${question}: ${answer}`),
    failed: (question, error) => told.push(`${question} failed: ${String(error)}`),
  });
  return { asked, told, newest };
}

const settled = (): Promise<void> => Promise.resolve().then(() => undefined);

describe('Newest', () => {
  it('Asking only what is newest gives a question up when another one comes, and never tells its answer', async () => {
    const { asked, told, newest } = questions();
    newest.put('one');
    newest.put('two');
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    asked[1]?.resolve('2');
    await settled();
    asked[0]?.resolve('1');
    await settled();
    expect(told).toEqual(['two: 2']);
  });

  it('Asking only what is newest lets a patient question wait, and puts only the newest of those that waited', async () => {
    const { asked, told, newest } = questions();
    newest.put('one', { isPatient: true });
    newest.put('two', { isPatient: true });
    newest.put('three', { isPatient: true });
    expect(asked.map(({ question }) => question)).toEqual(['one']);
    asked[0]?.resolve('1');
    await settled();
    expect(told).toEqual(['one: 1']);
    expect(asked.map(({ question }) => question)).toEqual(['one', 'three']);
  });

  it('Asking only what is newest goes on to what waits when a question fails', async () => {
    const { asked, told, newest } = questions();
    newest.put('one');
    newest.put('two', { isPatient: true });
    asked[0]?.reject(new Error('away'));
    await settled();
    await settled();
    expect(told).toEqual(['one failed: Error: away']);
    expect(asked.map(({ question }) => question)).toEqual(['one', 'two']);
  });

  it('Asking only what is newest tells nothing after its end', async () => {
    const { asked, told, newest } = questions();
    newest.put('one');
    newest.put('two', { isPatient: true });
    newest.end();
    asked[0]?.resolve('1');
    await settled();
    expect(told).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});
