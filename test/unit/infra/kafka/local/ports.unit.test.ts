import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../../../../../infra/kafka/local/ports.js';

const MODULE = new URL('../../../../../infra/kafka/local/ports.ts', import.meta.url).href;
const SPAN = 100;

/** A few of the ports, other ones each time, so that other runs of this are no trouble. */
function anyRange(): readonly [lowest: number, highest: number] {
  const lowest = 20_000 + SPAN * Math.floor(Math.random() * 90);
  return [lowest, lowest + SPAN - 1];
}

/** Another process that has so many ports of a range, until it is killed. */
async function another(
  count: number,
  range: readonly number[],
): Promise<{ ports: number[]; end: () => Promise<void> }> {
  const arguments_ = [count, ...range].join();
  const script = `import { freePorts } from '${MODULE}'; console.log(JSON.stringify(await freePorts(${arguments_}))); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'pipe' });
  const exited = once(child, 'exit');
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(end);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { ports: JSON.parse(line.toString()) as number[], end };
}

async function canBeBound(port: number): Promise<boolean> {
  const socket = dgram.createSocket('udp4').bind(port, '127.0.0.1');
  const isBound = await once(socket, 'listening').then(
    () => true,
    () => false,
  );
  socket.close();
  return isBound;
}

describe('free ports', () => {
  it('Free ports are not those of another process, though nobody listens there, until that has ended', async () => {
    const range = anyRange();
    const { ports, end } = await another(60, range);
    expect(new Set(ports).size).toBe(60);
    const ours = await freePorts(20, ...range);
    expect(ours.filter((port) => ports.includes(port))).toEqual([]);
    await end();
    const later = await freePorts(50, ...range);
    expect(later.some((port) => ports.includes(port))).toBe(true);
    expect(later.filter((port) => ours.includes(port))).toEqual([]);
  });

  it('Free ports are none on which somebody listens, and such a one is not kept from others either', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo; // it listens on TCP
    await expect(freePorts(1, port, port)).rejects.toThrow(`there are no 1 free ports from ${port} to ${port}`);
    await expect.poll(() => canBeBound(port)).toBe(true);
  });

  it('Free ports can be listened on', async () => {
    const [port = 0] = await freePorts(1);
    const server = net.createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
  });
});
