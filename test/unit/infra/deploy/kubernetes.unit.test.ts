import { StatefulSet } from 'kubernetes-models/apps/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Secret, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { filesIn, PINNED_IMAGE, textOf, yamlOf } from '../../../support/deploy/files.js';
import { serveFlags, servePort, serveSettings } from '../../../support/deploy/serve-options.js';

const FOLDER = 'infra/deploy/kubernetes';
const EXAMPLE = 'secret.example.yaml';
const KUSTOMIZATION = 'kustomization.yaml';
const manifests = filesIn(FOLDER).filter((file) => file !== KUSTOMIZATION);
const models = { ConfigMap, Namespace, PodDisruptionBudget, Secret, Service, StatefulSet };

interface Named {
  readonly kind: keyof typeof models;
  readonly metadata: { readonly name: string };
}

/** Every object of the manifests, checked against the schema of its kind. */
const objects = manifests.flatMap((file) =>
  yamlOf(`${FOLDER}/${file}`).map((document) => {
    const { kind } = document as Named; // the check below is of all the rest
    const object = new models[kind](document as never); // whatever it is: validate tells
    return { file, kind, object };
  }),
);

/** What is checked to be of `Kind`, each by its name. */
function named<T extends { metadata?: { name?: string } }>(kind: new (...args: never[]) => T): Map<string, T> {
  const found = objects.flatMap(({ object }) => (object instanceof kind ? [object] : []));
  return new Map(found.map((object) => [object.metadata?.name ?? '', object]));
}

function only<T>(things: Iterable<T>): T {
  const [first, ...others] = things;
  if (first === undefined || others.length > 0) throw new Error('there is not exactly one');
  return first;
}

const exchanges = only(named(StatefulSet).values());
const pod = exchanges.spec?.template.spec;
const container = only(pod?.containers ?? []);

describe('the Kubernetes manifests', () => {
  it.each(objects)(
    'The Kubernetes manifests are what the schema of their kind describes: $file, $kind',
    ({ object }) => {
      expect(() => object.validate()).not.toThrow();
    },
  );

  it('The Kubernetes manifests are all applied together, but for the example of a secret', () => {
    const [{ resources, namespace, images }] = yamlOf(`${FOLDER}/${KUSTOMIZATION}`) as [
      { resources: string[]; namespace: string; images: { name: string; newTag: string }[] }, // of a file of our own
    ];
    expect(resources.toSorted()).toEqual(manifests.filter((file) => file !== EXAMPLE));
    expect([...named(Namespace).keys()]).toEqual([namespace]);
    expect(images.map(({ name, newTag }) => `${name}:${newTag}`)).toEqual([container.image]);
  });

  it('The Kubernetes manifests select the pods that there are', () => {
    const labels = exchanges.spec?.template.metadata?.labels;
    expect(exchanges.spec?.selector.matchLabels).toEqual(labels);
    for (const service of named(Service).values()) expect(service.spec?.selector).toEqual(labels);
    expect(only(named(PodDisruptionBudget).values()).spec?.selector?.matchLabels).toEqual(labels);
  });

  it('The Kubernetes manifests lead to the port that the server listens on, by its name', () => {
    expect(container.ports).toEqual([{ name: 'http', containerPort: servePort }]);
    for (const service of named(Service).values()) {
      expect(service.spec?.ports).toEqual([{ name: 'http', port: servePort, targetPort: 'http' }]);
    }
  });
});

describe('an exchange in Kubernetes', () => {
  it('An exchange in Kubernetes has only settings that serve knows, and none that Kubernetes makes up', () => {
    const configured = Object.keys(named(ConfigMap).get('parley')?.data ?? {});
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'parley' } }]);
    const settings = [...configured, ...(container.env ?? []).map(({ name }) => name)].filter(
      (name) => name !== 'POD_NAME',
    );
    expect(serveSettings).toEqual(expect.arrayContaining(settings));
    const cluster = ['LOG', 'BROKERS', 'TOPIC', 'SHARDS', 'ADVERTISE', 'CLUSTER_KEY'].map((name) => `PARLEY_${name}`);
    expect(settings).toEqual(expect.arrayContaining(cluster));
    // Or the service's own name would become PARLEY_PORT and others.
    expect(pod?.enableServiceLinks).toBe(false);
    const flags = container.args?.filter((arg) => arg.startsWith('--')) ?? [];
    expect(serveFlags).toEqual(expect.arrayContaining(flags));
    expect(flags).toEqual(expect.arrayContaining(['--host', '--keys']));
  });

  it('An exchange in Kubernetes is started again when its process ends, as the image has it when a shard stops for good', () => {
    expect(pod?.restartPolicy ?? 'Always').toBe('Always');
    const told = [
      ...Object.keys(named(ConfigMap).get('parley')?.data ?? {}),
      ...(container.env ?? []).map(({ name }) => name),
    ];
    expect(told).not.toContain('PARLEY_EXIT_ON_STOP');
  });

  it('An exchange in Kubernetes says where it can be reached, by the name that the headless service gives it, also before it is ready', () => {
    const { serviceName = '' } = exchanges.spec ?? {};
    const service = named(Service).get(serviceName);
    expect(service?.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    const names = (container.env ?? []).map(({ name }) => name);
    expect(names.indexOf('POD_NAME')).toBeLessThan(names.indexOf('PARLEY_ADVERTISE'));
    const advertised = container.env?.find(({ name }) => name === 'PARLEY_ADVERTISE')?.value;
    expect(advertised).toBe(`http://$(POD_NAME).${serviceName}:${servePort}`);
  });

  it('An exchange in Kubernetes finds its keys and the cluster’s in a secret such as the example, which holds none that would work', () => {
    const secret = named(Secret).get('parley');
    const mounted = pod?.volumes?.find(({ name }) => name === 'keys')?.secret;
    const read = container.env?.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []) ?? [];
    expect(mounted?.secretName).toBe('parley');
    const wanted = [...(mounted?.items ?? []).map(({ key }) => key), ...read];
    expect(Object.keys(secret?.stringData ?? {}).toSorted()).toEqual(wanted.toSorted());
    expect(() => JSON.parse(secret?.stringData?.['keys.json'] ?? '{}') as unknown).toThrow(SyntaxError);
    expect(secret?.stringData?.PARLEY_CLUSTER_KEY).toBe('');
    const keyFile = container.args?.[container.args.indexOf('--keys') + 1];
    const at = container.volumeMounts?.find(({ name }) => name === 'keys')?.mountPath;
    expect(keyFile).toBe(`${at}/${mounted?.items?.[0]?.path}`);
  });

  it('An exchange in Kubernetes is not root, can write only to its volumes, and cannot become more than it is', () => {
    const user = /^USER (\d+):/m.exec(textOf('infra/deploy/Dockerfile'))?.[1];
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: Number(user), fsGroup: Number(user) });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod?.automountServiceAccountToken).toBe(false);
    expect(container.image).toMatch(PINNED_IMAGE);
    const mounts = new Map(container.volumeMounts?.map(({ mountPath, name }) => [mountPath, name]));
    expect(mounts.get(/^VOLUME (\S+)/m.exec(textOf('infra/deploy/Dockerfile'))?.[1] ?? '')).toBe('data');
    expect(exchanges.spec?.volumeClaimTemplates?.map(({ metadata }) => metadata?.name)).toEqual(['data']);
  });

  it('An exchange in Kubernetes is asked for its health where it tells it, and is given time to replay and to end', () => {
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const paths = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet);
    expect(paths).toEqual([
      { path: '/health/live', port: 'http' },
      { path: '/health/live', port: 'http' },
      { path: '/health/ready', port: 'http' },
    ]);
    expect((startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(600);
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    expect(container.resources?.requests).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) });
    expect(container.resources?.limits).toMatchObject({ memory: expect.any(String) });
  });
});
