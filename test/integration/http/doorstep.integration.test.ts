import { afterEach, describe, expect, it } from 'vitest';
import { openDoorstep } from '../../../src/server/doors/doorstep.js';
import type { SidePort } from '../../../src/server/doors/side-port.js';

describe('the doorstep of a server', () => {
  const opened: SidePort[] = [];

  async function open(options: Parameters<typeof openDoorstep>[0]): Promise<SidePort> {
    const doorstep = await openDoorstep(options);
    opened.push(doorstep);
    return doorstep;
  }

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  it('The doorstep of a server answers that it is live, and tells everybody else to come back', async () => {
    const { port } = await open({ port: 0 });
    const [live, ready] = await Promise.all(
      ['live', 'ready'].map((path) => fetch(`http://127.0.0.1:${port}/health/${path}`)),
    );
    expect([live?.status, await live?.json()]).toEqual([200, { status: 'live' }]);
    expect([ready?.status, ready?.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await ready?.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  });

  it('The doorstep of a server refuses a port that is taken, until who had it has gone', async () => {
    const first = await open({ port: 0 });
    const { port } = first;
    await expect(openDoorstep({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await opened.pop()?.close();
    expect((await open({ port })).port).toBe(port);
  });

  it('The doorstep of a server refuses to be open to others without keys, and keys that cannot be read', async () => {
    await expect(openDoorstep({ port: 0, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'OPEN_TO_OTHERS' });
    await expect(openDoorstep({ port: 0, keyFile: '/no/such/keys.json' })).rejects.toThrow('keys.json');
  });
});
