/** Where anchors are written: a file, or an HTTP server. */
import { type FileHandle, open } from 'node:fs/promises';
import { FILE_MODE } from '../../log/file-modes.js';
import { isTornAnchor } from './anchors.js';

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
    const file = await open(this.name, 'a+', FILE_MODE);
    try {
      const rest = await lastLine(file);
      const isTorn = isTornAnchor(rest);
      if (isTorn) await file.truncate((await file.stat()).size - rest.length);
      const isWithinLine = rest !== '' && !isTorn;
      await file.appendFile(`${isWithinLine ? '\n' : ''}${lines.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

const LAST_BYTES = 512;

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
