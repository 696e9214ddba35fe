/** What of the Kubernetes manifests runs without a cluster: kubectl’s kustomize, and an exchange in a container as a pod would have it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { freePorts } from '../../infra/kafka/local/ports.js';
import { withImagesHere } from '../support/containers/compose-images.js';
import { ComposeProject } from '../support/containers/compose-project.js';
import { docker, says } from '../support/containers/docker.js';
import { asContainer, probe } from '../support/containers/pod.js';
import { checkout } from '../support/deploy/files.js';
import { configured, exchangePod, MANIFESTS } from '../support/deploy/manifests.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { describeWith } from '../support/needs/suite.js';
import { composeCommands } from '../support/needs/tools.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { whenSuiteIsOver } from '../support/when-over.js';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

await describeWith('kubectl', 'kubectl kustomize', () => {
  it('The command kubectl makes of the manifests all objects of one namespace, in the image that the kustomization names', async () => {
    const made = await says(['kubectl', 'kustomize', MANIFESTS]);
    const objects = parseAllDocuments(made).map((document) => document.toJS() as Named); // every object has both
    const names = objects.map(({ kind, metadata: { name, namespace } }) => `${kind} ${namespace ?? '-'}/${name}`);
    expect(names.toSorted()).toEqual([
      'ConfigMap parley/parley',
      'Namespace -/parley',
      'PodDisruptionBudget parley/parley',
      'Service parley/parley',
      'Service parley/parley-exchanges',
      'StatefulSet parley/parley',
    ]);
    expect(made).toContain(`image: ${exchangePod().container.image}`);
  });
});

await describeWith(['containers', 'compose', 'compose-images'], 'an exchange of the manifests in a container', () => {
  const whenOver = whenSuiteIsOver();
  const folder = temporaryFolder();
  whenOver(() => removeFolder(folder));
  const prefix = `parley-pod-test-${process.pid}`;
  const { pod, container, serviceName } = exchangePod();
  const { startupProbe, livenessProbe, readinessProbe } = container;
  let kafka: ComposeProject;
  let url = '';

  beforeAll(async () => {
    execFileSync(process.execPath, ['infra/deploy/make-secrets.mjs', folder], { cwd: checkout, stdio: 'pipe' });
    const mounted = path.join(folder, 'mounted');
    mkdirSync(mounted);
    copyFileSync(path.join(folder, 'secrets', 'keys.json'), path.join(mounted, 'keys.json'));
    chmodSync(folder, 0o755);
    const image = `${prefix}:0.1.0`;
    const [compose = ['']] = composeCommands();
    const [kafkaPort = 0, port = 0] = await freePorts(2);
    kafka = new ComposeProject({
      compose,
      files: await withImagesHere('deploy'),
      variables: { PARLEY_IMAGE: image, PARLEY_KAFKA_PORT: `${kafkaPort}` },
      envFile: path.join(folder, '.env'),
    });
    whenOver(() => docker('image', 'rm', image));
    await kafka.compose('build', 'exchange-1');
    whenOver(() => kafka.down());
    await kafka.up('kafka');
    const clusterKey = /PARLEY_CLUSTER_KEY=(\S+)/.exec(readFileSync(path.join(folder, '.env'), 'utf8'))?.[1] ?? '';
    const { options, args } = asContainer({
      name: 'parley-0',
      secretFolder: mounted,
      secret: { PARLEY_CLUSTER_KEY: clusterKey },
      settings: { PARLEY_BROKERS: 'kafka:9092' },
      volume: prefix,
    });
    const network = ['--network', kafka.network('default'), '--network-alias', `parley-0.${serviceName}`];
    const published = ['--publish', `127.0.0.1:${port}:${container.ports?.[0]?.containerPort}`];
    whenOver(() => docker('volume', 'rm', prefix));
    whenOver(() => docker('rm', '--force', prefix));
    await docker('run', '--detach', '--name', prefix, ...network, ...published, ...options, image, ...args);
    url = `http://127.0.0.1:${port}`;
  }, PROGRAM_PATIENCE_MS);

  it('An exchange that is run as the manifests have it answers all its probes once it serves', async () => {
    expect(configured().PARLEY_LOG).toBe('kafka');
    await expect.poll(() => probe(url, startupProbe)).toBe(true);
    await expect.poll(() => probe(url, readinessProbe)).toBe(true);
    expect(await probe(url, livenessProbe)).toBe(true);
    const keyless = await fetch(`${url}/v1/cluster`);
    expect(keyless.status).toBe(401);
  });

  it('An exchange that is run as the manifests have it stays alive, and is not ready, while its Kafka is away', async () => {
    const broker = await kafka.container('kafka');
    await docker('pause', broker);
    try {
      for (let failures = 0; failures < (readinessProbe?.failureThreshold ?? 0); failures++) {
        await expect.poll(() => probe(url, readinessProbe)).toBe(false);
      }
      expect(await probe(url, livenessProbe)).toBe(true);
    } finally {
      await docker('unpause', broker);
    }
    await expect.poll(() => probe(url, readinessProbe)).toBe(true);
  });

  it('An exchange that is run as the manifests have it ends by itself within the time that it is given', async () => {
    await docker('stop', '--time', String(pod.terminationGracePeriodSeconds), prefix);
    // Killed it would be 137.
    expect(await docker('inspect', '--format', '{{.State.ExitCode}}', prefix)).toBe('0');
  });
});
