import { describe, expect, it } from 'vitest';
import { bytesText } from '../../../../src/web/file/bytes-text.js';
import { notesOf } from '../../../../src/web/file/file-notes.js';

const told = { shard: 0, head: 100, batches: 10, eventsSealed: 0, wrongSeals: 0 };

describe('what is said of a file', () => {
  it('The notes on a file are empty where nothing was noticed', () => {
    expect(notesOf(told)).toEqual([]);
  });

  it('The notes on a file name the line within which it ends, and how many events no end of a batch follows', () => {
    const notes = notesOf({ ...told, cutLine: 101, eventsSealed: 3 });
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain('line 101');
    expect(notes[1]).toContain('last 3 events');
  });

  it('The notes on a file say where a digest first is another one', () => {
    expect(notesOf({ ...told, wrongSeals: 2, firstWrongSeal: 55 })[0]).toContain('2 batches are sealed');
    expect(notesOf({ ...told, wrongSeals: 2, firstWrongSeal: 55 })[0]).toContain('position 55');
  });

  it('The size of a file is given in units that are read at a glance', () => {
    expect([999, 12_400, 250_000, 22_300_000, 3e12].map(bytesText)).toEqual([
      ...['999 B', '12.4 kB', '250 kB', '22.3 MB', '3000 GB'],
    ]);
  });
});
