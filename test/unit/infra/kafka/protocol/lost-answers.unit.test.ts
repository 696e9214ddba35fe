import net from 'node:net';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { afterEach, expect, it, vi } from 'vitest';
import { KafkaClient } from '../../../../../infra/kafka/protocol/client.js';
import { LogUnreachableError } from '../../../../../src/log/port.js';
import { Cut } from '../../../../support/servers/cut.js';
import { PATIENCE_MS } from '../../../../support/patience.js';

const ending: (() => unknown)[] = [];
const ENDLESS_MS = 3_600_000;

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

let connections = 0;

async function silentBroker(): Promise<Cut> {
  connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(() => server.close());
  const { port } = server.address() as net.AddressInfo; // it listens on TCP
  const way = await Cut.open({ target: `127.0.0.1:${port}` });
  ending.push(() => way.close());
  return way;
}

it(
  'A client of Kafka gives up what was asked over a connection that is lost, though kafkajs does not report it, and asks again over another',
  async () => {
    const rejectAll = vi.spyOn(RequestQueue.prototype, 'rejectAll').mockReturnValue();
    ending.push(() => rejectAll.mockRestore());
    const way = await silentBroker();
    const client = new KafkaClient({ brokers: [way.address], patienceMs: ENDLESS_MS });
    ending.push(() => client.close());
    const asked = client.partitionCount('any');
    const outcome = expect(asked).rejects.toThrow(LogUnreachableError);
    await expect.poll(() => way.connections).toBe(1);
    await way.cut();
    await outcome;
    expect(rejectAll).toHaveBeenCalled();
    await way.resume();
    const again = expect(client.partitionCount('any')).rejects.toThrow(LogUnreachableError);
    await expect.poll(() => way.connections).toBe(1);
    await way.cut();
    await again;
  },
  PATIENCE_MS,
);

it(
  'A client of Kafka asks again over another connection when nothing comes for long, though every connection stands and it may take longer',
  async () => {
    const way = await silentBroker();
    const client = new KafkaClient({ brokers: [way.address], patienceMs: ENDLESS_MS });
    const outcome = expect(client.ends({ topic: 'any', partition: 0 })).rejects.toThrow('closed');
    await expect.poll(() => connections).toBe(1);
    await expect.poll(() => connections).toBe(2);
    await client.close();
    await outcome;
  },
  PATIENCE_MS,
);
