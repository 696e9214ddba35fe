/**
 * A process of its own that keeps so many connections busy with one address, and throws the answers away: told by its arguments `URL KEY
 * CONNECTIONS`. Ends, and says as JSON what it was answered, when its standard input ends.
 */
import { Agent, request } from 'node:http';

const [, , address = '', key = '', connections = '1'] = process.argv;
const agent = new Agent({ keepAlive: true });
const statuses: Record<string, number> = {};
let bytes = 0;
let isOver = false;

function ask(): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(address, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () => {
        const status = String(response.statusCode);
        statuses[status] = (statuses[status] ?? 0) + 1;
        resolve();
      });
    });
    sent.once('error', () => {
      statuses.failed = (statuses.failed ?? 0) + 1;
      resolve();
    });
    sent.end();
  });
}

process.stdin.on('end', () => (isOver = true)).resume();
await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    while (!isOver) await ask();
  }),
);
agent.destroy();
console.log(JSON.stringify({ statuses, bytes }));
