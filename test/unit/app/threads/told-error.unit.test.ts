import { describe, expect, it } from 'vitest';
import { heardError, toldError } from '../../../../src/app/threads/told-error.js';
import { DamagedLogError, LogLostError } from '../../../../src/log/port.js';

const sent = (error: unknown): Error => heardError(structuredClone(toldError(error)));

describe('an error that is sent to another thread', () => {
  it('An error that is sent to another thread keeps its code, its name, its message, its stack and what it says of places', () => {
    const damaged = new DamagedLogError('torn', { file: 'a.log', byte: 7, frame: 2 });
    const heard = sent(damaged);
    expect(heard).toBeInstanceOf(Error);
    expect(heard).toMatchObject({ code: 'LOG_DAMAGED', name: 'DamagedLogError', file: 'a.log', byte: 7, frame: 2 });
    expect(heard.message).toBe(damaged.message);
    expect(heard.stack).toBe(damaged.stack);
  });

  it('An error that is sent to another thread loses what is no plain value, and becomes one where it was none', () => {
    expect(sent(new LogLostError('gone', [{ source: 'a', position: 1 }]))).toMatchObject({ code: 'LOG_LOST' });
    expect(sent('words')).toMatchObject({ name: 'Error', message: 'words' });
  });
});
