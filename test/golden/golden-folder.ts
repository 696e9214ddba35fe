/**
 * Golden folders: what the embedded log has once had on disk must stay readable permanently. `folder-v1` is the whole data folder of a
 * small market: several segments, several epochs, the frames of a writer that was fenced, and a torn tail; `folder-v1.json` says what
 * it comes to. Its files have `.segment` behind their names, so that no tool takes them for its own logs.
 *
 * They are never changed. When the format of the disk gets another version, `npx tsx test/golden/golden-folder.ts` records the next.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { EmbeddedLog } from '../../infra/embedded/embedded-log.js';
import { HEADER_BYTES, putFrameHeader } from '../../infra/embedded/format.js';
import { auditLog } from '../../projections/audit/audit-log.js';
import { replay } from '../../src/exchange/recovery/recovery.js';
import { stateDigest } from '../../src/exchange/recovery/state-digest.js';
import { Sealer } from '../support/log/batches.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { post } from '../support/reference/steps-of.js';
import { acme, OPENING_MS, ExchangeHarness } from '../support/reference/exchange-harness.js';

const SUFFIX = '.segment';
const here = fileURLToPath(new URL('./', import.meta.url));

/** What a folder comes to. */
export interface FolderOutcome {
  readonly head: number;
  readonly epoch: number;
  readonly segments: readonly unknown[];
  readonly tornTails: readonly unknown[];
  readonly damage: unknown;
  readonly violations: number;
  readonly batchDigest: string;
  readonly stateDigest: string;
}

export interface GoldenFolder {
  readonly name: string;
  readonly outcome: FolderOutcome;
}

export function goldenFolders(): GoldenFolder[] {
  const names = fs.readdirSync(here).flatMap((file) => /^(folder-v\d+)\.json$/.exec(file)?.[1] ?? []);
  return names.map((name) => {
    const text = fs.readFileSync(path.join(here, `${name}.json`), 'utf8');
    return { name, outcome: JSON.parse(text) as FolderOutcome }; // a test compares it
  });
}

/** A copy of a golden folder, whose caller removes it. */
export function unpack(name: string): string {
  const folder = temporaryFolder();
  for (const file of fs.readdirSync(path.join(here, name))) {
    fs.copyFileSync(path.join(here, name, file), path.join(folder, file.slice(0, -SUFFIX.length)));
  }
  return folder;
}

export async function outcomeOf(folder: string): Promise<FolderOutcome> {
  const log = new EmbeddedLog({ folder });
  const { head, epoch, segments, tornTails, damage } = await log.inspect();
  const { violationCount, digest } = await auditLog(log);
  const { market } = (await replay(log)).state;
  const found = { head, epoch, segments, tornTails, damage: damage?.message ?? null };
  return { ...found, violations: violationCount, batchDigest: digest, stateDigest: stateDigest(market) };
}

async function record(): Promise<void> {
  const folder = temporaryFolder();
  const alive = setInterval(() => undefined, 1_000); // the shard's own timers keep no process alive
  const log = (takeOver = false): EmbeddedLog => new EmbeddedLog({ folder, segmentBytes: 500, takeOver });
  const first = await ExchangeHarness.open(log());
  await first.play({ kind: 'list', listing: acme });
  for (const lots of [5, 7, 9]) await first.play(post('alice', 'sell', 100 + lots, lots), 'durable');
  await first.play(post('bob', 'buy', 107, 8), 'durable');
  await first.close();

  const second = await ExchangeHarness.open(log(), { nowMs: OPENING_MS + 1_000 });
  await second.play(post('carol', 'buy', 99, 4), 'durable');
  const third = await ExchangeHarness.open(log(true), { nowMs: OPENING_MS + 2_000 });
  await third.play(post('dave', 'sell', 99, 1), 'durable');
  await second.close();
  await third.close();
  clearInterval(alive);

  leaveFenced(folder, second.shard.head);
  const last = segmentOf(folder, 3);
  const bytes = fs.readFileSync(last);
  fs.writeFileSync(last, bytes.subarray(0, bytes.length - 9));
  keep(folder, await outcomeOf(folder));
  removeFolder(folder);
}

function segmentOf(folder: string, epoch: number): string {
  const file = fs.readdirSync(folder).findLast((name) => name.endsWith(`-${String(epoch).padStart(6, '0')}.log`));
  if (file === undefined) throw new Error(`no segment of epoch ${epoch}`);
  return path.join(folder, file);
}

/** What a writer leaves that had begun a frame when it was fenced. */
function leaveFenced(folder: string, firstPosition: number): void {
  const { buffer, start, end, count } = new Sealer(firstPosition).sealSome(2);
  const payload = buffer.subarray(start, end);
  const header = Buffer.alloc(HEADER_BYTES);
  putFrameHeader(header, 0, {
    epoch: 2,
    firstPosition,
    count,
    payloadBytes: payload.length,
    payloadCrc: crc32(payload),
  });
  fs.appendFileSync(segmentOf(folder, 2), Buffer.concat([header, payload]));
}

function keep(folder: string, outcome: FolderOutcome): void {
  const version = Array.from({ length: 100 }, (_, index) => `folder-v${index + 1}`).find(
    (name) => !fs.existsSync(path.join(here, name)),
  );
  if (version === undefined) throw new Error('there are a hundred golden folders');
  fs.mkdirSync(path.join(here, version));
  for (const file of fs.readdirSync(folder)) {
    const target = path.join(here, version, `${file}${SUFFIX}`);
    const claim = {
      epoch: Number(/\d+/.exec(file)?.[0]),
      pid: 1,
      host: 'golden',
      startedAt: '2026-01-01T00:00:00.000Z',
    };
    if (file.endsWith('.json')) fs.writeFileSync(target, `${JSON.stringify(claim)}\n`);
    else fs.copyFileSync(path.join(folder, file), target);
  }
  fs.writeFileSync(path.join(here, `${version}.json`), `${JSON.stringify(outcome, undefined, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await record();
