import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogLockedError } from '../../../../src/log/port.js';
import { collect, Sealer } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';
import { LogChild } from '../../../support/log/log-child.js';

describe('a log that another process has too', () => {
  let folder: EmbeddedFolder;
  let child: LogChild;

  beforeEach(async () => {
    folder = new EmbeddedFolder();
    child = await LogChild.start(folder.path);
  });

  afterEach(async () => {
    await child.kill();
    folder.dispose();
  });

  it('A log that another process has too is refused to a second writer, naming the first, until that one is killed', async () => {
    expect(await child.ask('open')).toEqual({ epoch: 1, head: 0 });
    await expect(folder.log().open()).rejects.toThrow(LogLockedError);
    await expect(folder.log().open()).rejects.toThrow(`process ${child.pid}`);
    await child.kill();
    const writer = await folder.log().open();
    expect(writer.epoch).toBe(2);
    await writer.close();
  });

  it('A log that another process has too is refused to the other process while this one writes, and free once it has closed', async () => {
    const writer = await folder.log().open();
    await expect(folder.log().open()).rejects.toThrow(LogLockedError);
    expect((await child.ask('open'))?.error).toContain(`process ${process.pid}`);
    await writer.close();
    expect(await child.ask('open')).toEqual({ epoch: 2, head: 0 });
  });

  it('A log that another process has too is taken over from a process that is stopped, which finds itself fenced when it goes on', async () => {
    await child.ask('open');
    expect(await child.ask('append 1 3')).toEqual({ outcome: 'appended', head: 4 });
    await child.stop();
    child.tell('append 1 2');
    await expect(folder.log().open()).rejects.toThrow(LogLockedError);
    const writer = await folder.log({ takeOver: true }).open();
    expect({ epoch: writer.epoch, head: writer.head }).toEqual({ epoch: 2, head: 4 });
    child.goOn();
    expect(await child.answer()).toEqual({ outcome: 'fenced', head: 4 });
    expect(await writer.append(new Sealer(4).sealSome(1))).toBe('appended');
    expect(await folder.log().head()).toBe(6);
    await writer.close();
  });

  it('A log that another process has too holds all that was called appended after a kill -9 in the middle of appending', async () => {
    await child.ask('open');
    child.tell('append 100000 5');
    let acknowledged = 0;
    for (let count = 0; count < 50; count++) acknowledged = (await child.answer())?.head ?? acknowledged;
    await child.kill();
    for (let answer = await child.answer(); answer !== undefined; answer = await child.answer()) {
      acknowledged = answer.head ?? acknowledged;
    }
    const writer = await folder.log().open();
    expect(writer.head).toBeGreaterThanOrEqual(acknowledged);
    expect(writer.head - acknowledged).toBeLessThanOrEqual(6);
    expect((await collect(folder.log().read(0))).length * 6).toBe(writer.head);
    await writer.close();
  });

  it('A log that another process has too is followed by the other process without a lock, through rolls and new epochs', async () => {
    child.tell('follow 0');
    for (let epoch = 1; epoch <= 3; epoch++) {
      const writer = await folder.log({ segmentBytes: 300 }).open();
      for (let batch = 0; batch < 5; batch++) {
        await folder.append(writer, batch + 1);
        expect(await child.answer()).toEqual({ seen: folder.head });
      }
      await writer.close();
    }
  });

  it('A log that another process has too is followed by this process while the other one writes, each batch once and whole', async () => {
    const reader = folder.log();
    const seen: number[] = [];
    const controller = new AbortController();
    const following = (async () => {
      for await (const { firstPosition, count, bytes } of reader.follow(0, controller.signal)) {
        expect(bytes.length).toBeGreaterThan(count);
        seen.push(firstPosition);
        if (seen.length === 100) return;
      }
    })();
    await child.ask('open');
    child.tell('append 100 1000');
    await following;
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index * 1001));
    controller.abort();
  });
});
