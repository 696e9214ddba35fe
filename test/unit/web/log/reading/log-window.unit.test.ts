import { describe, expect, it } from 'vitest';
import { type Judge, LogWindow } from '../../../../../src/web/log/reading/log-window.js';
import { logOf } from '../events.js';

const all: Judge = () => 'yes';
const even: Judge = ({ position }) => (position % 2 === 0 ? 'yes' : 'no');
const log = logOf(100);
const positions = ({ rows }: LogWindow): readonly number[] => rows.map(({ event }) => event.position);

describe('a window on the log', () => {
  it('The window of the log holds what passes the filter, in the order of the log, at both ends', () => {
    const window = new LogWindow(50);
    window.append(log.slice(50, 54), 54, even);
    expect(window.prepend(log.slice(46, 50), 46, even)).toBe(2);
    expect(positions(window)).toEqual([46, 48, 50, 52]);
    expect([window.from, window.to]).toEqual([46, 54]);
  });

  it('The window of the log drops from its beginning what becomes too much at the end, and says that it begins later', () => {
    const window = new LogWindow(0, 10);
    window.append(log.slice(0, 8), 8, all);
    window.append(log.slice(8, 14), 14, all);
    expect(positions(window)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect([window.from, window.to]).toEqual([4, 14]);
  });

  it('The window of the log drops from its end what becomes too much at the beginning, so that what follows is read again', () => {
    const window = new LogWindow(20, 10);
    window.append(log.slice(20, 28), 28, all);
    window.prepend(log.slice(15, 20), 15, all);
    expect(positions(window)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    expect([window.from, window.to]).toEqual([15, 25]);
    window.append(log.slice(25, 27), 27, all);
    expect(positions(window).at(-1)).toBe(26);
  });

  it('The window of the log takes no event twice where pages overlap', () => {
    const window = new LogWindow(10);
    window.append(log.slice(10, 14), 14, all);
    window.append(log.slice(12, 16), 16, all);
    window.prepend(log.slice(6, 12), 6, all);
    expect(positions(window)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('The window of the log is joined by what follows it', () => {
    const window = new LogWindow(0, 10);
    window.append(log.slice(0, 5), 5, all);
    const later = new LogWindow(5, 10);
    later.append(log.slice(5, 8), 8, all);
    window.follow(later);
    expect(positions(window)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(window.to).toBe(8);
  });

  it('The window of the log leaves no gap unseen: what follows only later takes its place', () => {
    const window = new LogWindow(0, 10);
    window.append(log.slice(0, 5), 5, all);
    const later = new LogWindow(5, 4);
    later.append(log.slice(5, 30), 30, all);
    window.follow(later);
    expect(positions(window)).toEqual([26, 27, 28, 29]);
    expect([window.from, window.to]).toEqual([26, 30]);
  });

  it('The window of the log keeps what is unsure until it is judged again', () => {
    const window = new LogWindow(0);
    window.append(log.slice(0, 4), 4, ({ position }) => (position < 2 ? 'unknown' : 'yes'));
    expect(window.rows.map(({ isUnsure }) => isUnsure)).toEqual([true, true, false, false]);
    window.judgeAgain(({ position }) => (position === 0 ? 'no' : 'yes'));
    expect(window.rows.map(({ event, isUnsure }) => [event.position, isUnsure])).toEqual([
      [1, false],
      [2, false],
      [3, false],
    ]);
  });
});
