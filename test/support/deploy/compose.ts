/** Compose files, as far as tests look into them. */
import path from 'node:path';
import { textOf, yamlOf } from './files.js';

export interface Service {
  readonly restart?: string;
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly extends?: { readonly file: string; readonly service: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, null>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

export const COMPOSE_FILES = [
  'infra/kafka/compose.yaml',
  'infra/eventstoredb/compose.yaml',
  'infra/deploy/compose.yaml',
] as const;

/** A compose file as it is where no variable is set. */
export function composeOf(file: string): Compose {
  const withDefaults: unknown = JSON.parse(JSON.stringify(yamlOf(file)[0]).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'));
  return withDefaults as Compose; // the test against Compose's own schema comes first
}

/** A service with what it takes from the one that it extends. */
export function resolved(file: string, service: Service): Service {
  if (service.extends === undefined) return service;
  const base = path.join(path.dirname(file), service.extends.file);
  return { ...composeOf(base).services[service.extends.service], ...service };
}

/** Names of the variables without a default that a compose file takes from its surroundings. */
export function variablesIn(file: string): string[] {
  const withoutComments = textOf(file).replaceAll(/^\s*#.*$/gm, '');
  return [...withoutComments.matchAll(/\$\{?(\w+)(?!\w|:-)/g)].map(([, name = '']) => name);
}
