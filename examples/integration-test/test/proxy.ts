/** What stands between the program and the exchange, and can be cut. */
import { fileURLToPath } from 'node:url';
import { GenericContainer, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';

const NODE_IMAGE = process.env.NODE_IMAGE ?? 'node:20.20.2-bookworm-slim';
const script = fileURLToPath(new URL('proxy.mjs', import.meta.url));

export class Proxy {
  private constructor(private readonly container: StartedTestContainer) {}

  /** On a network, before what is named `host` there. */
  static async start(network: StartedNetwork, host: string, port: number): Promise<Proxy> {
    const container = await new GenericContainer(NODE_IMAGE)
      .withNetwork(network)
      .withCopyFilesToContainer([{ source: script, target: '/proxy.mjs' }])
      .withCommand(['node', '/proxy.mjs', host, String(port)])
      .withExposedPorts(7070, 8080)
      .withWaitStrategy(Wait.forHttp('/mend', 8080).withMethod('POST'))
      .start();
    return new Proxy(container);
  }

  get url(): string {
    return this.at(7070);
  }

  /** Ends every connection; new ones end at once. */
  async cut(): Promise<void> {
    await fetch(`${this.at(8080)}/cut`, { method: 'POST' });
  }

  async mend(): Promise<void> {
    await fetch(`${this.at(8080)}/mend`, { method: 'POST' });
  }

  async stop(): Promise<void> {
    await this.container.stop();
  }

  private at(port: number): string {
    return `http://${this.container.getHost()}:${this.container.getMappedPort(port)}`;
  }
}
