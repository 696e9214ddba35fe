/** The package's ParleyContainer, as tests of other projects use it, on an engine and with the image of this checkout. */
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { ParleyClient, ParleySocket } from '../../src/client/index.js';
import type { StartedParleyContainer } from '../../src/testcontainers/index.js';
import { describeWith, skipWithout } from '../support/needs/suite.js';
import { PATIENCE_MS } from '../support/patience.js';
import { docker } from '../support/containers/docker.js';
import { imageFor } from '../support/servers/container-engine.js';
import { kafkaContainer } from '../support/servers/kafka-container.js';
import { loadParleyContainer, loadTestcontainers } from '../support/servers/testcontainers.js';

const acme = { symbol: 'ACME', tickSize: '0.05', lotSize: '1' };
const buy = { clientIntentionId: 'a-1', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '3' } as const;
const sell = { clientIntentionId: 'b-1', instrument: 'ACME', side: 'sell', price: '10.25', quantity: '2' } as const;

await describeWith('parley-image', 'an exchange in a container', () => {
  let testcontainers: Awaited<ReturnType<typeof loadTestcontainers>>;
  let ParleyContainer: Awaited<ReturnType<typeof loadParleyContainer>>['ParleyContainer'];

  beforeAll(async () => {
    testcontainers = await loadTestcontainers();
    ({ ParleyContainer } = await loadParleyContainer());
  });

  const market = () =>
    new ParleyContainer().withKeys('alice', 'bob').withInstruments(acme).withStartupTimeout(PATIENCE_MS);

  async function started(planned = market()): Promise<StartedParleyContainer> {
    const exchange = await planned.start();
    onTestFinished(async () => {
      await exchange.stop();
    });
    return exchange;
  }

  it('An exchange in a container is ready when it has started, and those who have a key deal with each other', async () => {
    const exchange = await started();
    expect(await exchange.client().instruments()).toMatchObject([acme]);
    const [alice, bob] = [exchange.client('alice'), exchange.client('bob')];
    await alice.postIntention(buy);
    expect(await bob.postIntention(sell)).toMatchObject({ participant: 'bob', status: 'filled', filled: '2' });
    expect(await alice.positions()).toMatchObject([{ instrument: 'ACME', net: '2', cash: '-20.50' }]);
  });

  it('An exchange in a container is followed by a stream, and traded on by a WebSocket, through the port that the engine gave it', async () => {
    const exchange = await started();
    const watching = exchange.client('alice').ownStream({ from: 0 });
    const socket = new ParleySocket({ url: exchange.url, key: exchange.keyOf('alice'), WebSocket });
    onTestFinished(() => socket.close());
    expect(await socket.send(buy)).toMatchObject({ participant: 'alice', status: 'open' });
    expect(await watching.next()).toMatchObject({ value: { type: 'posted', clientIntentionId: 'a-1' } });
    await exchange.client('bob').postIntention(sell);
    for await (const message of watching) if (message.type === 'dealt') break;
  });

  it('An exchange in a container keeps its log over a restart that kills it, and another one begins with an empty log and keys of its own', async () => {
    const exchange = await started();
    const first = await exchange.client('alice').postIntention(buy);
    await exchange.restart();
    expect(await exchange.client('alice').postIntention(buy)).toEqual(first);
    const other = await started();
    expect(await other.client('alice').intentions()).toEqual([]);
    const stranger = new ParleyClient({ url: other.url, key: exchange.keyOf('alice') });
    await expect(stranger.intentions()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('An exchange that cannot start says why, in its own words, and leaves no container behind', async () => {
    const secret = { content: '{}', target: '/run/secrets/own', mode: 0o400 };
    const unreadable = market()
      .withCopyContentToContainer([secret])
      .withCommand(['serve', '--host', '0.0.0.0', '--keys', secret.target])
      .withLabels({ 'parley.test': 'unreadable' });
    await expect(unreadable.start()).rejects.toThrow(/\/run\/secrets\/own.*(EACCES|permission)/s);
    expect(await docker('ps', '--all', '--quiet', '--filter', 'label=parley.test=unreadable')).toBe('');
  });

  it('An exchange whose image is not there says that the image has to be built', async () => {
    const planned = new ParleyContainer('parley.invalid/parley:1.0.0');
    await expect(planned.start()).rejects.toThrow('there is no image parley.invalid/parley:1.0.0');
  });

  it('An exchange that is stopped leaves neither its container nor the volume of its log', async () => {
    const exchange = await market().start();
    const volume = await docker('inspect', '--format', '{{range .Mounts}}{{.Name}}{{end}}', exchange.getId());
    expect(await docker('volume', 'ls', '--quiet')).toContain(volume);
    await exchange.stop();
    expect(await docker('ps', '--all', '--quiet', '--no-trunc')).not.toContain(exchange.getId());
    expect(await docker('volume', 'ls', '--quiet')).not.toContain(volume);
  });

  it('An exchange whose log is in Kafka goes on in another container where a killed one was', async (context) => {
    await skipWithout(context, 'kafka-image');
    const found = await imageFor('kafka');
    const image = 'image' in found ? found.image : '';
    const network = await new testcontainers.Network().start();
    const planned = await kafkaContainer(image, 'kafka', 'localhost:19092');
    const kafka = await planned.withNetwork(network).withNetworkAliases('kafka').start();
    onTestFinished(async () => {
      await kafka.stop();
      await network.stop();
    });
    const plan = market().withNetwork(network).withKafka('kafka:9092', 'kept');
    const exchange = await started(plan);
    const first = await exchange.client('alice').postIntention(buy);
    await exchange.stop(); // with no grace
    const heir = await started(plan);
    expect(await heir.client('alice').postIntention(buy)).toEqual(first);
    expect(await heir.client('bob').postIntention(sell)).toMatchObject({ filled: '2' });
  });
});
