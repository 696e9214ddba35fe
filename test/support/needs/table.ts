/** Everything that tests may need of a machine, under the names that PARLEY_REQUIRE takes. */
import { missingForScene } from '../../container-crash/scene/needed-images.js';
import { missingComposeImages } from '../containers/compose-images.js';
import { missingEngine, missingImage } from '../servers/container-engine.js';
import { findEventStoreDb } from '../servers/eventstoredb.js';
import { findKafka } from '../servers/kafka.js';
import { missingParleyImage } from '../servers/parley-image.js';
import type { Ask } from './answer.js';
import { missingChromium } from './browser.js';
import {
  missingCaddy,
  missingCurl,
  missingKafkaPython,
  missingNginx,
  missingOpenApiPythonClient,
  missingPython,
  missingPythonCryptography,
  missingPythonWebsockets,
} from './document-tools.js';
import {
  missingBash,
  missingCompiler,
  missingCompose,
  missingGit,
  missingIpv6,
  missingKubectl,
  missingLinux,
  missingLocalKafka,
  missingMount,
  missingNpm,
  missingOpenssl,
  missingOrderFlow,
  missingScript,
} from './tools.js';

export const NEEDS = {
  /** A Kafka that the whole run shares, wherever it comes from. */
  kafka: findKafka,
  /** What it takes to start brokers of one's own. */
  'local-kafka': missingLocalKafka,
  eventstoredb: () => findEventStoreDb('eventstoredb'),
  kurrentdb: () => findEventStoreDb('kurrentdb'),
  /** A container engine. */
  containers: () => missingEngine(),
  /** Kafka's image, for a broker of one's own in a container. */
  'kafka-image': () => missingImage('kafka'),
  /** What removes the containers of tests that were killed. */
  'ryuk-image': () => missingImage('ryuk'),
  /** The image of this checkout, which is built now. */
  'parley-image': missingParleyImage,
  /** What `npm run crash:containers` makes its own images of. */
  'container-images': missingForScene,
  compose: missingCompose,
  /** The images that the compose files begin with. */
  'compose-images': missingComposeImages,
  kubectl: missingKubectl,
  git: missingGit,
  /** A C compiler. */
  compiler: missingCompiler,
  openssl: missingOpenssl,
  bash: missingBash,
  /** Pseudo terminals. */
  script: missingScript,
  linux: missingLinux,
  mount: missingMount,
  ipv6: missingIpv6,
  orderflow: missingOrderFlow,
  /** npm, and what it takes to install the package. */
  npm: missingNpm,
  curl: missingCurl,
  /** Python 3. */
  python: missingPython,
  /** Its package for Kafka, which a producer of the examples is written with. */
  'kafka-python': missingKafkaPython,
  /** Its package for cryptography, which an example signs requests with. */
  'python-cryptography': missingPythonCryptography,
  /** Its generator of clients. */
  'openapi-python-client': missingOpenApiPythonClient,
  /** Its package for WebSockets. */
  'python-websockets': missingPythonWebsockets,
  /** A browser. */
  chromium: missingChromium,
  nginx: missingNginx,
  caddy: missingCaddy,
} satisfies Record<string, Ask>;

export type Need = keyof typeof NEEDS;

export function isNeed(name: string): name is Need {
  return Object.hasOwn(NEEDS, name);
}

/** What PARLEY_REQUIRE promises of a machine: names with commas between them, or `all`. Throws for a name that is none. */
export function requiredNeeds(value = ''): ReadonlySet<Need> {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('all')) return new Set(Object.keys(NEEDS).filter(isNeed));
  const required = new Set<Need>();
  for (const name of names.filter((each) => each !== '')) {
    if (!isNeed(name)) throw new Error(`PARLEY_REQUIRE names ${name}; it may name ${Object.keys(NEEDS).join(', ')}`);
    required.add(name);
  }
  return required;
}
