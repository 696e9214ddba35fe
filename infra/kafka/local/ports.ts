/**
 * Ports on 127.0.0.1 that stay their owner's while nobody listens on them, so that what listened there can be started again.
 *
 * 1. They lie below the ports that systems hand out by themselves.
 * 2. A port that was given is not given again, by this or another process, until the process that it was given to has ended: that
 *    one holds the UDP port of the same number, which nobody else uses, and the system takes it back however the process ends.
 */
import dgram from 'node:dgram';
import { type EventEmitter, once } from 'node:events';
import net from 'node:net';

const LOWEST = 20_000;
const HIGHEST = 28_999;
const TRIES_A_PORT = 20;
const LOOPBACK = '127.0.0.1';

/** Collected as garbage they would be closed. */
const held: dgram.Socket[] = [];

/** `count` different ports, on which nobody listens, for this process. Throws where so many are not to be found. */
export async function freePorts(count: number, lowest = LOWEST, highest = HIGHEST): Promise<number[]> {
  const span = highest - lowest + 1;
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > TRIES_A_PORT * span) throw new Error(`there are no ${count} free ports from ${lowest} to ${highest}`);
    const port = lowest + Math.floor(Math.random() * span);
    if (await reserve(port)) ports.push(port);
  }
  return ports;
}

async function reserve(port: number): Promise<boolean> {
  const socket = dgram.createSocket('udp4').unref();
  const server = net.createServer();
  const isOurs =
    (await listens(socket.bind({ port, address: LOOPBACK, exclusive: true }))) &&
    (await listens(server.listen({ port, host: LOOPBACK, exclusive: true })));
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  if (isOurs) held.push(socket);
  else socket.close();
  return isOurs;
}

/** Whether an attempt succeeds, or fails because the port is another's. Rejects when it fails otherwise. */
async function listens(attempt: EventEmitter): Promise<boolean> {
  try {
    await once(attempt, 'listening');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  }
}
