/** Where anchors are written: a file, or whoever takes them over HTTP. */
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Evidence } from '../../log/port.js';
import { anchorLines } from '../anchors.js';

export interface AnchorSink {
  /** For people; shows no password. */
  readonly name: string;
  /** Resolves once the lines are kept: in the file and synced, or taken by the other side. */
  write(lines: readonly string[]): Promise<void>;
}

const POST_MS = 10_000;

export function anchorSink(place: string): AnchorSink {
  return isUrl(place) ? new PostedAnchors(place) : new AnchorFile(place);
}

export function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/**
 * Appends anchors to a file.
 *
 * 1. What is appended stands on lines of its own. Where a crash has left the beginning of an anchor at the end, that is cut off first.
 */
class AnchorFile implements AnchorSink {
  constructor(readonly name: string) {}

  async write(lines: readonly string[]): Promise<void> {
    const file = await open(this.name, 'a+');
    try {
      const rest = await lastLine(file);
      if (TORN.test(rest)) await file.truncate((await file.stat()).size - rest.length);
      const isWithinLine = rest !== '' && !TORN.test(rest);
      await file.appendFile(`${isWithinLine ? '\n' : ''}${lines.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

const LAST_BYTES = 512;
/** As far as an anchor goes before its digest is whole. */
const TORN = /^\d{1,7}(\/(\d{0,16}(:[0-9a-f]{0,63})?)?)?$/;

/** What stands behind the last line end. */
async function lastLine(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const length = Math.min(size, LAST_BYTES);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const text = buffer.toString('latin1');
  return text.slice(text.lastIndexOf('\n') + 1);
}

class PostedAnchors implements AnchorSink {
  readonly name: string;
  private readonly url: URL;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(url: string) {
    this.url = new URL(url);
    const { origin, pathname, username, password } = this.url;
    this.name = `${origin}${pathname}`;
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const isKnown = user !== ':';
    this.headers = {
      'content-type': 'text/plain; charset=utf-8',
      ...(isKnown ? { authorization: `Basic ${Buffer.from(user).toString('base64')}` } : {}),
    };
    // `fetch` takes no URL that holds them.
    this.url.username = this.url.password = '';
  }

  async write(lines: readonly string[]): Promise<void> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: this.headers,
      body: `${lines.join('\n')}\n`,
      signal: AbortSignal.timeout(POST_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${this.name} answers ${response.status}`);
  }
}

/**
 * What a file of anchors knows of a shard, for whoever opens its log: the last one, and the one that reaches furthest, for each stands for
 * all before it; nothing where there is no such file, or no file at all. A line that is no anchor is passed over: it must not
 * keep an exchange from starting, and `audit --expect` names it.
 */
export function anchorsIn(place: string | undefined, shard: number): Evidence[] {
  if (place === undefined || isUrl(place)) return [];
  const known = anchorLines(textOf(place)).flatMap(({ number, anchor }) => {
    if (anchor === undefined || (anchor.shard ?? 0) !== shard) return [];
    return [{ source: `${place}:${number}`, position: anchor.position, digest: anchor.digest }];
  });
  const last = known.at(-1);
  if (last === undefined) return [];
  const furthest = known.reduce((most, each) => (each.position > most.position ? each : most), last);
  return furthest === last ? [last] : [furthest, last];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
