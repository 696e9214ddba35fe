/**
 * `npm run prove`: visits every state of small models, driving the real shards, negotiators, recovery and ledger lookup, and checks
 * the invariants in every state; then does the same with faults of the protocol built in, each of which must be found.
 *
 * Exit codes: 0 all hold and all mutants are caught, 2 usage, 3 something is broken, missed, or was never seen.
 */
import { plantedCopy } from '../support/mutation/planted-copy.js';
import { mutants } from './mutants.js';
import { runRig, UsageError } from '../support/rig.js';
import { type ProveOptions, readOptions, usage } from './options.js';
import { headText, mutantText, sometimesText, modelText } from './report.js';
import { endWorkers, explore, exploreApart } from './worker.js';
import { sometimes, type Model } from './model/model.js';
import { models } from './model/models.js';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.isWorker) {
    const model = models.find(({ name }) => name === options.worlds[0]);
    if (model === undefined) throw new UsageError('--worker takes one --world');
    process.stdout.write(`${JSON.stringify(await explore(bounded(model, options)))}\n`);
    return 0;
  }
  process.once('SIGINT', () => {
    endWorkers();
    process.exit(130);
  });
  const beganMs = performance.now();
  const isSound = await prove(options);
  const isCaught = await hunt(options);
  process.stdout.write(
    `\n${((performance.now() - beganMs) / 1000).toFixed(0)} seconds, ${options.workers} at a time\n`,
  );
  return isSound && isCaught ? 0 : 3;
}

function bounded(model: Model, { isQuick }: ProveOptions): Model {
  return isQuick ? { ...model, limits: model.quick } : model;
}

async function prove(options: ProveOptions): Promise<boolean> {
  const chosen = models.filter(({ name }) => options.worlds.includes(name)).map((model) => bounded(model, options));
  if (chosen.length === 0) return true;
  process.stdout.write(headText());
  const results = await sideBySide(options.workers, chosen, async (model) => {
    const result = await exploreApart(model.name, options.isQuick);
    const unseen = options.isQuick ? [] : model.sometimes.filter((one) => !result.seen.includes(one));
    process.stdout.write(modelText(model, result, unseen));
    return { ...result, isSound: result.failure === undefined && unseen.length === 0 };
  });
  const isSound = results.every((result) => result.isSound);
  if (chosen.length < models.length) return isSound;
  const states = results.reduce((sum, result) => sum + result.states, 0).toLocaleString('en');
  process.stdout.write(`  ${states} states in all\n\nseen in so many of the models:\n${sometimesText(results)}`);
  return isSound && sometimes.every((one) => results.some(({ seen }) => seen.includes(one)));
}

async function hunt(options: ProveOptions): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => options.mutants.includes(name));
  if (chosen.length === 0) return true;
  process.stdout.write('\nmutants: each fault must be found, and this is its shortest trace\n');
  const results = await sideBySide(options.workers, chosen, async (mutant) => {
    const result = await exploreApart(mutant.model, false, plantedCopy(mutant));
    process.stdout.write(mutantText(mutant, result));
    return result.failure !== undefined;
  });
  const caught = results.filter(Boolean).length;
  process.stdout.write(`\n  ${caught} of ${results.length} mutants caught\n`);
  return caught === results.length;
}

/** At most so many at a time, begun in their order. */
async function sideBySide<Item, Result>(
  workers: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const run = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: workers }, run));
  return results;
}

await runRig('prove', usage, (args) => main(args).finally(endWorkers));
