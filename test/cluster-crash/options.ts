import { numberIn, optionsIn, seedIn, UsageError } from '../support/rig.js';
import { type FaultKind, faultKinds, kindsWith } from './fault-plan.js';

export interface ClusterCrashOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Nodes of Kafka. */
  readonly nodes: 1 | 3;
  /** How long each round's load goes on at least. */
  readonly seconds: number;
  /** Kinds of fault; empty for all kinds that so many nodes allow. */
  readonly only: readonly FaultKind[];
}

const MOST_ROUNDS = 10_000;
const MOST_SECONDS = 3_600;

export function readOptions(args: readonly string[]): ClusterCrashOptions {
  const { rounds = '10', seed, nodes = '1', seconds = '8', only = '' } = optionsIn(args, options);
  if (nodes !== '1' && nodes !== '3') throw new UsageError('--nodes is 1 or 3');
  const nodesCount = nodes === '1' ? 1 : 3;
  return {
    rounds: numberIn('--rounds', rounds, MOST_ROUNDS),
    seed: seedIn(seed),
    nodes: nodesCount,
    seconds: numberIn('--seconds', seconds, MOST_SECONDS),
    only: only === '' ? [] : only.split(',').map((name) => kindOf(name, nodesCount)),
  };
}

function kindOf(name: string, nodes: number): FaultKind {
  const kinds = kindsWith(nodes);
  const found = kinds.find((kind) => kind === name);
  if (found === undefined) {
    throw new UsageError(`--only takes of ${kinds.join(', ')} where Kafka has ${nodes} nodes; not ${name}`);
  }
  return found;
}

const text = { type: 'string' } as const;
const options = {
  rounds: text,
  seed: text,
  nodes: text,
  seconds: text,
  only: text,
} as const;

export const usage = `npm run crash:cluster -- [options]
  --rounds N         how often something is done to the cluster (10)
  --seconds S        how long a round lasts at least, under load (8)
  --nodes 1|3        nodes of Kafka; of three, one is lost at a time (1)
  --seed S           what is done, to whom and in which order; printed by each run
  --only KIND,KIND   of these kinds alone: ${faultKinds.join(', ')}
  --help             this
Exit codes: 0 fine, 1 it could not be run, 2 usage, 3 a promise was not kept, 130 interrupted.
`;
