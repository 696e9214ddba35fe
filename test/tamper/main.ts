/** `npm run tamper`: changes logs as operators, restores, brokers and file systems do, and judges how the exchange responds. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { interruption } from '../crash/interruption.js';
import { endAll } from '../support/cli/parley.js';
import { ExitCode, runRig, say, UsageError } from '../support/rig.js';
import { embeddedNames, EmbeddedSession } from './embedded/session.js';
import { eventStoreNames, EventStoreSession } from './eventstoredb/session.js';
import { kafkaNames, KafkaSession } from './kafka/session.js';
import { type LogKind, readOptions, type TamperOptions, usage } from './options.js';
import { Report } from './report.js';
import type { Round } from './round.js';

const namesOf: Readonly<Record<LogKind, readonly string[]>> = {
  embedded: embeddedNames,
  kafka: kafkaNames,
  eventstoredb: eventStoreNames,
};

/** Rounds on one kind of log. */
export interface Session {
  /** Counts from 0, one after the other. */
  play(round: number): Promise<Round>;
  end?(): Promise<void>;
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-tamper-')));
  let isKept = false;
  try {
    const code = await tamper(folder, options);
    isKept = code === ExitCode.Violated && options.isKept;
    return code;
  } finally {
    if (!isKept) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function tamper(folder: string, options: TamperOptions): Promise<number> {
  const { seed, rounds, log } = options;
  say(`seed ${seed}: ${rounds} rounds on ${log}`);
  const session = sessionOf(folder, options);
  const report = new Report(options, say);
  const interrupted = interruption(endAll).then(() => true);
  const played = play(session, options, report);
  played.catch(() => undefined); // what is under way fails when it is interrupted
  try {
    if ((await Promise.race([played, interrupted])) === true) return ExitCode.Interrupted;
  } finally {
    await endAll();
    await session.end?.();
  }
  report.sum();
  return report.findings > 0 ? ExitCode.Violated : ExitCode.Fine;
}

async function play(session: Session, { rounds, from, isKept }: TamperOptions, report: Report): Promise<void> {
  for (let round = from; round < from + rounds; round++) {
    const played = await session.play(round);
    report.add(round, played);
    if (played.findings.length === 0 || !isKept) fs.rmSync(played.folder, { recursive: true, force: true });
  }
}

function sessionOf(folder: string, { seed, log, only }: TamperOptions): Session {
  const isWanted = (name: string): boolean => only.length === 0 || only.some((part) => name.includes(part));
  const chosen = namesOf[log].filter(isWanted);
  if (chosen.length === 0) throw new UsageError(`no operation’s name holds ${only.join(' or ')}`);
  switch (log) {
    case 'embedded':
      return new EmbeddedSession(folder, seed, chosen);
    case 'kafka':
      return new KafkaSession(folder, seed, chosen);
    case 'eventstoredb':
      return new EventStoreSession(folder, seed, chosen);
  }
}

await runRig('tamper', () => usage(namesOf), main);
