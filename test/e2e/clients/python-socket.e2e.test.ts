import { expect, it } from 'vitest';
import { commandLineFolder } from '../../support/cli/suite.js';
import { describeWith } from '../../support/needs/suite.js';
import { KEYS, runPython, serve } from './served.js';

await describeWith('python-websockets', 'a WebSocket from Python', () => {
  const folder = commandLineFolder();

  it('A program in Python says over WebSockets all that can be said, hears every kind of message, and streams of HTTP tell it the same', async () => {
    const served = await serve(folder);
    const ran = await runPython('socket_client.py', served.url, KEYS);
    const says = /^\d+ requests and commands, \d+ messages\n$/;
    expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(says), stderr: '' });
    expect(await served.end()).toBe(0);
  });
});
