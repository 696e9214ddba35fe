// Runs in a container: a way from port 7070 to HOST:PORT that can be cut. POST /cut and POST /mend come to port 8080.
import http from 'node:http';
import net from 'node:net';

const [host, port] = process.argv.slice(2);
const connections = new Set();
let isCut = false;

net
  .createServer((client) => {
    const server = net.connect(Number(port), host);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      connections.add(from);
      from.pipe(to);
      from.on('error', () => undefined); // it closes then
      from.on('close', () => {
        connections.delete(from);
        to.destroy();
      });
    }
    if (isCut) client.destroy();
  })
  .listen(7070);

http
  .createServer((request, response) => {
    isCut = request.url === '/cut';
    if (isCut) for (const connection of connections) connection.resetAndDestroy();
    response.end();
  })
  .listen(8080);
