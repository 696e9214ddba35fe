/** What the verbs say of a Kafka that will not have them as they come: credentials, TLS, and topics that are not as they should be. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS } from '../../../../infra/kafka/local/layout.js';
import { type LocalKafka, startLocalKafka } from '../../../../infra/kafka/local/local-kafka.js';
import { freePorts } from '../../../../infra/kafka/local/ports.js';
import { smallFlow } from '../../../support/cli/flows.js';
import { parley, type Ran } from '../../../support/cli/parley.js';
import { Serving } from '../../../support/cli/serving.js';
import { commandLineFolder } from '../../../support/cli/suite.js';
import { Cut } from '../../../support/servers/cut.js';
import { kafkaClient } from '../../../support/servers/kafka-client.js';
import { describeWith } from '../../../support/needs/suite.js';
import { whenSuiteIsOver } from '../../../support/when-over.js';

/** Longer than a test may take: a process that ends has not waited for it. */
const HOUR = ['--patience', '3600'];

await describeWith(['local-kafka', 'openssl'], 'the command line and a Kafka that refuses', () => {
  const folder = commandLineFolder();
  const whenOver = whenSuiteIsOver();
  const pem = path.join(folder, 'broker.pem');
  const authority = path.join(folder, 'ca.pem');
  const data = ['--data', path.join(folder, 'data')];
  let kafka: LocalKafka;
  /** The way to the listener that speaks TLS. */
  let secure: Cut;
  const named = (password: string, mechanism: string): readonly [string[], { env: Record<string, string> }] => {
    const args = ['--sasl-mechanism', mechanism, '--sasl-username', LOCAL_CREDENTIALS.username];
    return [args, { env: { PARLEY_SASL_PASSWORD: password } }];
  };
  const verb = (words: readonly string[], broker: string, rest: readonly string[] = [], env = {}): Promise<Ran> =>
    parley([...words, '--log', 'kafka', '--brokers', broker, ...rest], { stdin: smallFlow, env });

  beforeAll(async () => {
    makeCertificate(pem, authority);
    const [proxyPort = 0] = await freePorts(1);
    const settings = {
      'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:SSL',
      'listener.name.proxied.ssl.keystore.type': 'PEM',
      'listener.name.proxied.ssl.keystore.location': pem,
    };
    kafka = await startLocalKafka({ security: 'sasl', proxyPorts: [proxyPort], settings });
    whenOver(() => kafka.stop());
    secure = await Cut.open({ target: kafka.behindProxies[0] ?? '', port: proxyPort });
    whenOver(() => secure.close());
  });

  /** One line and 1. */
  function mustBeRefused({ code, stdout, stderr }: Ran, says: RegExp): void {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  }

  it('The command line says that credentials are refused, at once, and never shows the password', async () => {
    const broker = kafka.brokers.join();
    for (const mechanism of ['plain', 'scram-sha-256']) {
      const [args, { env }] = named('s3cret-but-wrong', mechanism);
      for (const words of [['audit'], ['serve', '--port', '0', ...data]]) {
        const ran = await verb(words, broker, [...args, ...HOUR], env);
        mustBeRefused(ran, /^error: Kafka at 127\.0\.0\.1:\d+ refuses: .*authentication failed/i);
        expect(ran.stderr).not.toContain('s3cret');
      }
    }
    const [right, { env }] = named(LOCAL_CREDENTIALS.password, 'scram-sha-512');
    expect(await verb(['run', '-'], broker, right, env)).toMatchObject({ code: 0 });
  });

  it('The command line says so where a login is wanted and none given, and where one is given that is not wanted', async () => {
    mustBeRefused(await verb(['log', 'stat'], kafka.brokers.join()), /does it want TLS or a login, or none\?/);
    const [args, { env }] = named(LOCAL_CREDENTIALS.password, 'plain');
    mustBeRefused(await verb(['log', 'stat'], secure.address, [...args, '--tls-ca', authority], env), /refuses: /);
  });

  it('The command line says so where TLS is spoken on one side only, where its authority is unknown, and where a file is missing', async () => {
    mustBeRefused(
      await verb(['log', 'stat'], kafka.brokers.join(), ['--tls']),
      /does it want TLS or a login, or none\?/,
    );
    mustBeRefused(await verb(['log', 'stat'], secure.address), /does it want TLS or a login, or none\?/);
    mustBeRefused(
      await verb(['log', 'stat'], secure.address, ['--tls']),
      /an authority that is not trusted: .*--tls-ca/,
    );
    const nowhere = path.join(folder, 'nowhere.pem');
    mustBeRefused(
      await verb(['log', 'stat'], secure.address, ['--tls-ca', nowhere]),
      /a file for TLS cannot be read: \S+nowhere\.pem: there is no such file/,
    );
    expect(await verb(['run', '-'], secure.address, ['--tls-ca', authority, '--topic', 'tls'])).toMatchObject({
      code: 0,
    });
  });

  it('The command line says how many partitions a topic has, where more are wanted or a shard beyond them', async () => {
    const tls = ['--tls-ca', authority, '--topic', 'narrow'];
    const admin = kafkaClient(kafka.brokers, { mechanism: 'plain', ...LOCAL_CREDENTIALS }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'narrow.events', numPartitions: 2 }], waitForLeaders: false });
    await admin.disconnect();
    const serve = ['serve', '--port', '0', ...data];
    mustBeRefused(
      await verb(serve, secure.address, [...tls, '--shards', '4']),
      /narrow\.events has 2 partitions, but 4 shards need 4/,
    );
    mustBeRefused(
      await verb(['run', '-'], secure.address, [...tls, '--shard', '7']),
      /there is no shard 7: .* has 2 partitions/,
    );
    mustBeRefused(
      await verb(['audit'], secure.address, [...tls, '--shard', '7']),
      /there is no log: shard 7 of narrow/,
    );
  });

  it('A log in Kafka that holds what is no event is called damaged, with its offset, and the other shards are served', async () => {
    const tls = ['--tls-ca', authority, '--topic', 'damaged'];
    expect(await verb(['run', '-'], secure.address, [...tls, '--shards', '2'])).toMatchObject({ code: 0 });
    const producer = kafkaClient(kafka.brokers, { mechanism: 'plain', ...LOCAL_CREDENTIALS }).producer();
    await producer.connect();
    const [written] = await producer.send({ topic: 'damaged.events', messages: [{ value: 'hello', partition: 0 }] });
    await producer.disconnect();
    for (const words of [['audit'], ['replay'], ['log', 'cat'], ['log', 'stat']]) {
      const ran = await verb(words, secure.address, tls);
      expect([words, ran.code]).toEqual([words, 4]);
      expect(ran.stdout + ran.stderr).toContain('damaged.events[0]');
      expect(ran.stdout + ran.stderr).toContain(String(written?.baseOffset));
    }
    const serving = await Serving.start('--log', 'kafka', '--brokers', secure.address, ...tls, ...data);
    const ready = async (): Promise<unknown> => (await fetch(`${serving.url}/health/ready`)).json();
    await expect
      .poll(ready)
      .toMatchObject({ detail: expect.stringMatching(/^shard 0 is stopped: .*no event of this log/) as string });
    // ACME is an instrument of shard 1, which may be opened later.
    const list = ['list', 'ACME', '--tick-size', '1', '--lot-size', '1'];
    await expect.poll(() => serving.ask(list)).toMatchObject({ code: 0 });
    await expect.poll(() => serving.stderr).toMatch(/no event of this log/);
    expect(await serving.end()).toBe(0);
  });
});

/** The broker's key and certificate in one file, and the certificate again, which vouches for itself. */
function makeCertificate(pem: string, authority: string): void {
  const key = `${pem}.key`;
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', authority];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
    stdio: 'ignore',
  });
  writeFileSync(pem, readFileSync(key, 'utf8') + readFileSync(authority, 'utf8'));
}
