/** A pod of the manifests as one container: what the kubelet would ask of the engine, and ask the container. */
import { configured, exchangePod } from '../deploy/manifests.js';

export interface PodPlace {
  /** Of the pod: `parley-0`. */
  readonly name: string;
  /** Folder with what the Secret holds, a file a key. */
  readonly secretFolder: string;
  /** The Secret’s values that are settings. */
  readonly secret: Readonly<Record<string, string>>;
  /** Settings that an operator changes in the ConfigMap. */
  readonly settings: Readonly<Record<string, string>>;
  /** The volume that its claim gets. */
  readonly volume: string;
}

/** The options and arguments by which `docker run` starts it, without those of its network; the image is parted from its arguments. */
export function asContainer(place: PodPlace): { readonly options: string[]; readonly args: string[] } {
  const { pod, container } = exchangePod();
  const { runAsUser, runAsGroup } = pod.securityContext ?? {};
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext ?? {};
  const options = ['--hostname', place.name, '--user', `${runAsUser}:${runAsGroup}`];
  if (readOnlyRootFilesystem === true) options.push('--read-only');
  if (allowPrivilegeEscalation === false) options.push('--security-opt', 'no-new-privileges');
  for (const capability of capabilities?.drop ?? []) options.push('--cap-drop', capability);
  const memory = String(container.resources?.limits?.memory).replace('Mi', 'm').replace('Gi', 'g');
  options.push('--memory', memory, ...environment(place), ...mounts(place));
  return { options, args: [...(container.args ?? [])] };
}

function environment({ name, secret, settings }: PodPlace): string[] {
  const known = new Map(Object.entries({ ...configured(), ...settings }));
  for (const { name: variable, value, valueFrom } of exchangePod().container.env ?? []) {
    if (valueFrom?.fieldRef?.fieldPath === 'metadata.name') known.set(variable, name);
    else if (valueFrom?.secretKeyRef !== undefined) known.set(variable, secret[valueFrom.secretKeyRef.key] ?? '');
    else
      known.set(
        variable,
        (value ?? '').replaceAll(/\$\((\w+)\)/g, (_, before: string) => known.get(before) ?? ''),
      );
  }
  return [...known].flatMap(([variable, value]) => ['--env', `${variable}=${value}`]);
}

function mounts({ secretFolder, volume }: PodPlace): string[] {
  const { pod, container } = exchangePod();
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const source = pod.volumes?.find((each) => each.name === name);
    if (source?.secret !== undefined) return ['--volume', `${secretFolder}:${mountPath}:ro`];
    if (source?.emptyDir !== undefined) {
      return ['--tmpfs', `${mountPath}:size=${String(source.emptyDir.sizeLimit).replace('Mi', 'm')}`];
    }
    return ['--volume', `${volume}:${mountPath}`];
  });
}

/** What of a probe is about one time that it is asked. */
export interface HttpProbe {
  readonly httpGet?: { readonly path?: string };
  readonly timeoutSeconds?: number;
}

/** Asks once, as the kubelet does: any status from 200 to 399, in time, is a success. */
export async function probe(url: string, { httpGet, timeoutSeconds = 1 }: HttpProbe = {}): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
    const { status } = await fetch(`${url}${httpGet?.path}`, { signal, redirect: 'manual' });
    return status >= 200 && status < 400;
  } catch {
    return false;
  }
}
