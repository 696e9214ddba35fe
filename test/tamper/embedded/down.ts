/** A round on a folder that nobody serves from: it is changed, looked at by the judge, audited, and a server is started on it. */
import fs from 'node:fs';
import path from 'node:path';
import { parley } from '../../support/cli/parley.js';
import { type Facts, judge, type Observation, outcomeOf, type Start } from '../judge.js';
import type { Memory } from '../memory.js';
import type { Round } from '../round.js';
import { ask, audit, begin } from '../serve.js';
import { factsOf } from './facts.js';
import { changesOf, logContent } from './folder.js';
import { SNAPSHOT_EVERY } from './history.js';
import type { Known } from './known.js';
import type { LogAsLeft } from './log-as-left.js';
import type { Ground, Operation } from './operation.js';

export interface Features {
  /** `audit --expect`. */
  readonly hasAnchors: boolean;
  /** `serve --accept-loss`. */
  readonly acceptsLoss: boolean;
}

/** What a round leaves to be judged. */
export interface Left {
  /** Of the round; the log is in `data` below it. */
  readonly folder: string;
  readonly memory: Memory;
  /** The log as it was before it was changed. */
  readonly before: LogAsLeft;
  readonly features: Features;
}

export function dataOf(folder: string): string {
  return path.join(folder, 'data');
}

/** The folder is a new one, to be removed by the caller. */
export async function playDown(
  folder: string,
  { harm, name, apply }: Operation,
  histories: Omit<Ground, 'folder'>,
  features: Features,
): Promise<Round> {
  const { own } = histories;
  const data = dataOf(folder);
  fs.cpSync(own.folder, data, { recursive: true });
  const did = apply({ ...histories, folder: data });
  const { facts, observation, more } = await examine({ folder, memory: own.memory, before: own.log, features });
  const findings = [...tableFindings(harm, facts), ...judge(harm, facts, observation), ...more];
  return { operation: name, did, outcome: outcomeOf(observation), findings, folder };
}

/** The table of operations is the judge's own: where it is wrong, the judge is. */
function tableFindings(harm: Operation['harm'], { lost, shows }: Facts): string[] {
  if (harm !== 'log' && lost.length > 0) return [`the judge calls it ${harm}, and ${lost.join(', ')}`];
  return harm === 'harmless' && shows.length > 0 ? [`the judge calls it harmless, and ${shows.join(', ')}`] : [];
}

export interface Examined {
  readonly facts: Facts;
  readonly observation: Observation;
  /** Findings of what was tried after a refusal. */
  readonly more: readonly string[];
}

/** Looks at a folder as it was left, has it audited, and a server started on it. */
export async function examine({ folder, memory, before, features }: Left): Promise<Examined> {
  const data = dataOf(folder);
  const anchors = anchorsOf(before);
  const facts = await factsOf(data, memory, before, anchors);
  const [audited, anchoredAudit] = await Promise.all([
    audit(['--data', data]),
    features.hasAnchors ? auditWithAnchors(folder, anchors) : undefined,
  ]);
  const content = logContent(data);
  const begun = await ask(await begin(serveArgs(data)), memory);
  const changed = begun.kind === 'refused' ? changesOf(content, logContent(data)) : [];
  const start: Start = begun.kind === 'refused' ? { ...begun, changed } : begun;
  const more = begun.kind === 'served' ? await auditAgain(data, facts) : await acceptLoss(data, start, features);
  return { facts, observation: { start, audit: audited, anchoredAudit }, more };
}

export function serveArgs(data: string): string[] {
  return ['--data', data, '--snapshot-every', String(SNAPSHOT_EVERY)];
}

/** As an operator keeps them: where some batches ended, the last one too. */
function anchorsOf({ digests }: LogAsLeft): Known[] {
  const all = [...digests].map(([position, digest]) => ({ source: 'an anchor', position, digest }));
  return all.filter((_, index) => index % 10 === 0 || index === all.length - 1);
}

async function auditWithAnchors(folder: string, anchors: readonly Known[]): ReturnType<typeof audit> {
  const file = path.join(folder, 'anchors');
  fs.writeFileSync(file, anchors.map(({ position, digest }) => `${position}:${digest}\n`).join(''));
  return audit(['--data', dataOf(folder), '--expect', file]);
}

/** A log that was whole is whole after a server has run on it. */
async function auditAgain(data: string, { lost, shows }: Facts): Promise<string[]> {
  if (lost.length > 0 || shows.length > 0) return [];
  const { code, says } = await audit(['--data', data]);
  return code === 0 ? [] : [`a server ran on a log that was whole, and now the audit ends with ${code}: ${says}`];
}

/** Goes on without what is lost, as the refusal proposes; then once more, as ever. */
async function acceptLoss(data: string, start: Start, { acceptsLoss }: Features): Promise<string[]> {
  const proposal = start.kind === 'refused' ? /--accept-loss (\d+\/\d+)/.exec(start.says)?.[1] : undefined;
  if (!acceptsLoss || proposal === undefined) return [];
  const accepting = await begin([...serveArgs(data), '--accept-loss', proposal]);
  await accepting.serving.end();
  if (accepting.refusal !== undefined)
    return [`--accept-loss ${proposal} is proposed, and refused: ${accepting.refusal.says}`];
  const { stdout } = await parley(['log', 'cat', '--data', data, '--type', 'LossAccepted']);
  const found = stdout.includes('LossAccepted') ? [] : [`--accept-loss ${proposal}: the log holds no LossAccepted`];
  const again = await begin(serveArgs(data));
  await again.serving.end();
  if (again.refusal !== undefined)
    found.push(`--accept-loss ${proposal}: the start after that is refused: ${again.refusal.says}`);
  const { code, says } = await audit(['--data', data]);
  if (code !== 0) found.push(`--accept-loss ${proposal}: the audit after that ends with ${code}: ${says}`);
  return found;
}
