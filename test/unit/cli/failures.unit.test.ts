import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { endingOf } from '../../../src/cli/failures.js';
import { FlowError } from '../../../src/flow/flow-error.js';
import { Failure, Interrupted } from '../../../src/app/exit.js';
import { ParleyError } from '../../../src/client/index.js';
import { DamagedEventError } from '../../../src/events/bytes.js';
import { DamagedLogError, LogLockedError } from '../../../src/log/port.js';

const place = { file: 'a.log', byte: 32, frame: 0 };

describe('endingOf', () => {
  it.each([
    [new CommanderError(0, 'commander.helpDisplayed', ''), 0, undefined],
    [new CommanderError(1, 'commander.unknownOption', 'said already'), 2, undefined],
    [new Interrupted(130), 130, undefined],
    [new Failure(3, 'differs'), 3, 'differs'],
    [new FlowError('FLOW_MALFORMED_LINE', { file: 'a.txt', line: 7 }, 'nonsense'), 2, 'a.txt:7: nonsense'],
    [new DamagedLogError('bad', place), 4, 'a.log: frame 0 at byte 32: bad'],
    [new DamagedEventError('bad', 9), 4, 'bad at byte 9'],
    [new LogLockedError('taken'), 1, 'taken'],
    [Object.assign(new Error('behind'), { code: 'CLOCK_BEHIND_LOG' }), 1, 'behind'],
    [new ParleyError(422, 'PRICE_OFF_TICK', 'off'), 1, 'PRICE_OFF_TICK: off'],
    [Object.assign(new Error('history'), { code: 'BROKEN_HISTORY' }), 3, 'history'],
    [
      Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }),
      1,
      expect.stringContaining('the disk is full'),
    ],
  ])('`endingOf` gives the exit code and the words for: %s', (error, exitCode, says) => {
    expect(endingOf(error)).toEqual({ exitCode, says });
  });

  it('`endingOf` shows where a fault of the program came from', () => {
    expect(endingOf(new TypeError('oops'))).toMatchObject({
      exitCode: 1,
      says: expect.stringContaining('failures.unit.test.ts'),
    });
  });

  it('`endingOf` lets no error message drive the terminal', () => {
    expect(endingOf(new Failure(1, 'a\u001b[2J')).says).toBe('a�[2J');
  });
});
