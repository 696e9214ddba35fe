/** The page as it was built: its files, and what Brotli and gzip have made of them, in memory. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly type: string;
  /** Its bytes, by content coding. */
  readonly encodings: Readonly<Record<'identity' | 'gzip' | 'br', Buffer>>;
}

export interface Page {
  readonly index: PageFile;
  /** By name. Their names hold their content’s hash, so that they never change. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Where the build puts it, whether this is built itself or runs from its source. */
const places = ['../../../web/', '../../../dist/web/'].map((place) => fileURLToPath(new URL(place, import.meta.url)));

/** Undefined where the page has not been built. */
export function readPage(folder = places.find((place) => existsSync(join(place, 'index.html')))): Page | undefined {
  if (folder === undefined) return undefined;
  const assets = new Map<string, PageFile>();
  for (const name of readdirSync(join(folder, 'assets'))) {
    if (Object.hasOwn(types, extname(name))) assets.set(name, readFile(join(folder, 'assets', name)));
  }
  return { index: readFile(join(folder, 'index.html')), assets };
}

function readFile(path: string): PageFile {
  const encodings = { identity: readFileSync(path), gzip: readFileSync(`${path}.gz`), br: readFileSync(`${path}.br`) };
  return { type: types[extname(path)] ?? 'application/octet-stream', encodings };
}
