/** The images that a scene is made of: built here, or as the engine has them. */
import fs from 'node:fs';
import path from 'node:path';
import { imageHere } from '../../../infra/containers/images.js';
import { SCENE_IMAGES } from './needed-images.js';
import { checkout } from '../../../infra/kafka/local/installation.js';
import { type Mutant, mutated } from '../../support/mutation/mutant.js';
import { compiled } from '../../support/mutation/planted-copy.js';
import { imageFor } from '../../support/servers/container-engine.js';
import { docker } from '../../support/containers/docker.js';

export interface SceneImages {
  readonly node: string;
  readonly tools: string;
  readonly exchange: string;
  /** Brokers begin with the first, and are upgraded to the next one; with one alone, to the same again. */
  readonly kafka: readonly [string, ...string[]];
}

const TOOLS = 'parley-made/network-tools:bookworm';
const EXCHANGE = 'parley-crash/exchange';

export interface ImageWishes {
  /** The image of the exchange; built from the checkout where there is none. */
  readonly image?: string | undefined;
  /** Plants it into the exchange. */
  readonly mutant?: Mutant | undefined;
}

/** Builds what is out of date, with `folder` to work in. Throws where an image is missing. */
export async function sceneImages(folder: string, { image, mutant }: ImageWishes): Promise<SceneImages> {
  const [debian, node, kafka] = await Promise.all(SCENE_IMAGES.map(existing));
  const older = await imageHere('kafka-3.9');
  await build(TOOLS, path.join(checkout, 'infra/containers/images/network-tools'), [`DEBIAN_IMAGE=${debian}`]);
  const exchange = image ?? (await exchangeOfCheckout(node));
  return {
    node: node ?? '',
    tools: TOOLS,
    exchange: mutant === undefined ? exchange : await planted(exchange, mutant, folder),
    kafka: older === undefined ? [kafka ?? ''] : [older, kafka ?? ''],
  };
}

async function existing(name: string): Promise<string> {
  const found = await imageFor(name);
  if ('missing' in found) throw new Error(found.missing);
  return found.image;
}

async function build(
  tag: string,
  context: string,
  args: readonly string[],
  more: readonly string[] = [],
): Promise<void> {
  const named = args.flatMap((arg) => ['--build-arg', arg]);
  await docker('build', '--quiet', '--network', 'host', ...named, '--tag', tag, ...more, context);
}

async function exchangeOfCheckout(node: string | undefined): Promise<string> {
  const recipe = path.join(checkout, 'infra/deploy/Dockerfile');
  await build(EXCHANGE, checkout, [`NODE_IMAGE=${node}`], ['--file', recipe]);
  return EXCHANGE;
}

/** The exchange with one file more, which is compiled from what the mutant makes of its source. */
async function planted(exchange: string, mutant: Mutant, folder: string): Promise<string> {
  const source = fs.readFileSync(path.join(checkout, mutant.file), 'utf8');
  const context = path.join(folder, 'planted');
  fs.mkdirSync(context);
  fs.writeFileSync(path.join(context, 'planted.js'), compiled(mutated(mutant, source)));
  const place = `/app/dist/${mutant.file.replace(/\.ts$/, '.js')}`;
  fs.writeFileSync(path.join(context, 'Dockerfile'), `FROM ${exchange}\nCOPY planted.js ${place}\n`);
  const tag = `${EXCHANGE}-${mutant.name}`;
  await build(tag, context, []);
  return tag;
}
