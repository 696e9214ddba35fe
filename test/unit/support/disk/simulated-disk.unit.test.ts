import { describe, expect, it } from 'vitest';
import { type Loss, SimulatedDisk } from '../../../support/disk/simulated-disk.js';

/** Draws these numbers, the last one again and again. */
function lots(...drawn: number[]) {
  return { below: (bound: number) => Math.min(drawn.length > 1 ? (drawn.shift() ?? 0) : (drawn[0] ?? 0), bound - 1) };
}

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

/** A file of 700 bytes that are durable and 900 more that are not, after the power has gone. */
function afterLoss(loss: Loss, draw: number): Uint8Array {
  const disk = new SimulatedDisk();
  const file = disk.create('/log/a');
  file.write(bytes(700, 1), 0);
  file.sync();
  file.write(bytes(900, 2), 700);
  file.lose(loss, lots(draw));
  const left = new Uint8Array(file.length);
  file.read(left, 0, left.length, 0);
  return left;
}

describe('the simulated disk, when the power goes', () => {
  it('The simulated disk has all, or nothing, or a part, or holes, of what was not synced when the power goes, and all that was', () => {
    expect(afterLoss('kept', 0).length).toBe(1_600);
    expect(afterLoss('lost', 0)).toEqual(bytes(700, 1));
    expect(afterLoss('torn', 100)).toEqual(new Uint8Array([...bytes(700, 1), ...bytes(100, 2)]));
    expect(afterLoss('zeroed', 1)).toEqual(new Uint8Array([...bytes(700, 1), ...bytes(900, 0)]));
  });

  it('The simulated disk has all, or nothing, or the first sectors, or holes, of what was written over synced bytes when the power goes', () => {
    const [old, first, second] = [bytes(512, 1), bytes(512, 2), bytes(512, 3)];
    const left = (loss: Loss, draw: number): Uint8Array => {
      const file = new SimulatedDisk().create('/log/a');
      file.write(new Uint8Array([...old, ...old, ...old]), 0);
      file.sync();
      file.write(new Uint8Array([...first, ...second]), 512);
      file.lose(loss, lots(draw));
      const read = new Uint8Array(file.length);
      file.read(read, 0, read.length, 0);
      return read;
    };
    expect(left('kept', 0)).toEqual(new Uint8Array([...old, ...first, ...second]));
    expect(left('lost', 0)).toEqual(new Uint8Array([...old, ...old, ...old]));
    expect(left('torn', 1)).toEqual(new Uint8Array([...old, ...first, ...old]));
    expect(left('zeroed', 1)).toEqual(new Uint8Array([...old, ...old, ...old]));
  });

  it('The simulated disk has lost what a failed sync marked as clean, though every reader saw it, until it is written again', () => {
    const disk = new SimulatedDisk();
    const file = disk.create('/log/a');
    file.write(bytes(600, 1), 0);
    file.failSync(lots(1));
    file.sync();
    file.lose('kept', lots(0));
    expect(file.length).toBe(600);
    const left = new Uint8Array(600);
    file.read(left, 0, 600, 0);
    expect(left).toEqual(bytes(600, 0));
    file.write(bytes(600, 1), 0);
    file.sync();
    file.lose('lost', lots(0));
    file.read(left, 0, 600, 0);
    expect(left).toEqual(bytes(600, 1));
  });

  it('The simulated disk has the names that were synced when the power goes, and of later changes the first few', () => {
    const disk = new SimulatedDisk();
    disk.create('/log/a');
    disk.syncNames();
    disk.create('/log/b');
    disk.rename('/log/b', '/log/c');
    disk.remove('/log/a');
    expect(disk.list('/log')).toEqual(['c']);
    disk.losePower(lots(2, 0));
    expect(disk.list('/log').sort()).toEqual(['a', 'c']);
  });
});
