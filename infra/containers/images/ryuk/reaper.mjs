// Removes what programs with testcontainers have started, however they end. Each is connected for as long as it lives, and says by which
// labels its containers and networks are known: lines as `label=NAME=VALUE`. Once nobody has been connected for a while, all those go.
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';

/** A program may come back, or another may come, before this. */
const RECONNECTION_MS = 10_000;
/** The first one must come before this. */
const FIRST_CONNECTION_MS = 60_000;

const labels = new Set();
let connections = 0;
let ending = setTimeout(() => void end(), FIRST_CONNECTION_MS);

net
  .createServer((socket) => {
    connections++;
    clearTimeout(ending);
    let heard = '';
    socket.setEncoding('utf8').on('data', (text) => {
      const lines = (heard + text).split('\n');
      heard = lines.pop();
      for (const line of lines) {
        labels.add(line.trim().replace(/^label=/, ''));
        socket.write('ACK\n');
      }
    });
    socket.on('error', () => undefined); // it closes then
    socket.on('close', () => {
      connections--;
      if (connections === 0) ending = setTimeout(() => void end(), RECONNECTION_MS);
    });
  })
  .listen(8080, () => console.log('Started'));

async function end() {
  for (const label of labels) {
    const filter = `filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`;
    const found = await ask('GET', `/containers/json?all=1&${filter}`);
    // This one has the label, too; a container's host name is how its id begins.
    const containers = found.filter(({ Id }) => !Id.startsWith(os.hostname()));
    for (const { Id } of containers) await ask('DELETE', `/containers/${Id}?force=1&v=1`);
    for (const { Id } of await ask('GET', `/networks?${filter}`)) await ask('DELETE', `/networks/${Id}`);
  }
  process.exit(0);
}

/** A request to the engine; what it answers, which is nothing where it has removed something. */
async function ask(method, path) {
  const response = await new Promise((resolve, reject) => {
    http.request({ socketPath: '/var/run/docker.sock', method, path }, resolve).once('error', reject).end();
  });
  let body = '';
  for await (const text of response.setEncoding('utf8')) body += text;
  console.log(method, path, response.statusCode);
  return body === '' ? undefined : JSON.parse(body);
}
