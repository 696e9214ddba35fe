/** Exchanges that are wrong, each in one way that shows only when something else goes wrong: the rig must find them. */
import type { Mutant } from '../support/mutation/mutant.js';
import { mutantsByName } from '../simulation/mutants/mutants.js';
import type { FaultKind } from './faults/kinds.js';

export interface Plant {
  readonly mutant: Mutant;
  /** The faults under which it is found; played unless others are asked for. */
  readonly kinds: readonly FaultKind[];
}

const answers = mutantsByName['answers-before-durable'];
if (answers === undefined) throw new Error('the simulation has no mutant answers-before-durable');

const fence: Mutant = {
  name: 'fence',
  what: 'whoever opens a shard does not end the writer before it, and none sees what others have written',
  file: 'infra/kafka/protocol/transactions.ts',
  replacements: [
    {
      text: 'static async begin(client: KafkaClient, transactionalId: string): Promise<Transactions> {',
      by: 'static async begin(client: KafkaClient, shared: string): Promise<Transactions> {\n    const transactionalId = `${shared}-${Math.random()}`;',
    },
    { text: 'if (offset === at) return;', by: 'if (offset >= 0) return;' },
  ],
};

const earlyOffsets: Mutant = {
  name: 'early-offsets',
  what: 'how far commands have been taken is committed a moment before the events that they cause',
  file: 'infra/kafka/kafka-writer.ts',
  replacements: [
    {
      text: 'const outcome = await this.inTurn([this.parts.events, ...(extra?.places ?? [])], async (open) => {',
      by: 'if (extra !== undefined) await this.inTurn(extra.places, (open) => extra.send(open));\n    await new Promise((resolve) => setTimeout(resolve, 100));\n    const outcome = await this.inTurn([this.parts.events], async (open) => {',
    },
    { text: '      await extra?.send(open);\n', by: '' },
  ],
};

export const plants = {
  fence: { mutant: fence, kinds: ['pause-exchange'] },
  'early-answer': { mutant: { ...answers, name: 'early-answer' }, kinds: ['kill-exchange', 'kill-host', 'mute'] },
  'early-offsets': { mutant: earlyOffsets, kinds: ['kill-exchange', 'kill-host', 'mute'] },
} as const satisfies Readonly<Record<string, Plant>>;

export type PlantName = keyof typeof plants;

export const plantNames = Object.keys(plants) as readonly PlantName[]; // the table's own keys
