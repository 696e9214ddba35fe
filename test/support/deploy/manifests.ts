/** The Kubernetes manifests, as far as tests look into the pod that they make. */
import { StatefulSet } from 'kubernetes-models/apps/v1';
import { ConfigMap } from 'kubernetes-models/v1';
import { yamlOf } from './files.js';

export const MANIFESTS = 'infra/deploy/kubernetes';

const statefulSet = new StatefulSet(yamlOf(`${MANIFESTS}/exchanges.yaml`)[0] as never); // whatever it is: the test of the schemas comes first
const settings = new ConfigMap(yamlOf(`${MANIFESTS}/config.yaml`)[0] as never); // likewise

type PodSpec = NonNullable<NonNullable<StatefulSet['spec']>['template']['spec']>;
export type ContainerSpec = PodSpec['containers'][number];

/** The pod of an exchange, its one container, and the name of the service by which the exchanges find each other. */
export function exchangePod(): {
  readonly pod: PodSpec;
  readonly container: ContainerSpec;
  readonly serviceName: string;
} {
  const { template, serviceName = '' } = statefulSet.spec ?? {};
  const [container] = template?.spec?.containers ?? [];
  if (template?.spec === undefined || container === undefined) throw new Error('the manifests have no exchange');
  return { pod: template.spec, container, serviceName };
}

/** The settings of the ConfigMap. */
export function configured(): Readonly<Record<string, string>> {
  return settings.data ?? {};
}
