// Bundles the page into dist/web: scripts and styles under names that hold their content's hash, each beside what Brotli and gzip make of
// it, and index.html, which names them. Whatever reaches a Node module fails here: a browser has none.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** Makes the page anew in `dist/web`. The one that was there is replaced at once. Returns the files’ names and sizes in bytes. */
export async function buildPage(folder = join(root, 'dist/web')) {
  const made = `${folder}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(join(made, 'assets'), { recursive: true });
  const worker = await bundle(made, { worker: join(here, 'workers/log-worker.ts') });
  const page = await bundle(made, { main: join(here, 'main.tsx') }, { LOG_WORKER: `/${entryOf(worker, '.js')}` });
  const files = [...worker.files, ...page.files];
  const html = indexHtml(entryOf(page, '.js'), entryOf(page, '.css'));
  const sizes = [...files, { path: 'index.html', contents: Buffer.from(html) }].map((file) => write(made, file));
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
  return sizes;
}

async function bundle(folder, entryPoints, define = {}) {
  const { outputFiles, metafile } = await build({
    ...{
      entryPoints,
      outdir: join(folder, 'assets'),
      absWorkingDir: root,
      write: false,
      metafile: true,
      logLevel: 'warning',
    },
    ...{ bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', target: ['es2022'] },
    ...{ entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', assetNames: '[name]-[hash]', legalComments: 'none' },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
  });
  const files = outputFiles.map(({ path, contents }) => ({ path: relative(folder, path), contents }));
  const entries = Object.entries(metafile.outputs).flatMap(([path, { entryPoint, cssBundle }]) =>
    entryPoint !== undefined && Object.values(entryPoints).includes(join(root, entryPoint)) ? [path, cssBundle] : [],
  );
  return { files, entries: entries.filter((each) => each !== undefined).map((path) => `assets/${basename(path)}`) };
}

function entryOf({ entries }, extension) {
  return entries.find((path) => extname(path) === extension);
}

function indexHtml(script, style) {
  const template = readFileSync(join(here, 'index.html'), 'utf8');
  return template.replace('{{script}}', `/${script}`).replace('{{style}}', `/${style}`);
}

function write(folder, { path, contents }) {
  const place = join(folder, path);
  const brotli = brotliCompressSync(contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
  });
  writeFileSync(place, contents);
  writeFileSync(`${place}.br`, brotli);
  writeFileSync(`${place}.gz`, gzipSync(contents, { level: 9 }));
  return { path, bytes: contents.length, brotliBytes: brotli.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await buildPage();
  if (process.argv[2] === '--sizes') {
    for (const { path, bytes, brotliBytes } of sizes) {
      process.stdout.write(
        `${path.padEnd(40)} ${String(bytes).padStart(8)} ${String(brotliBytes).padStart(8)} brotli\n`,
      );
    }
  }
}
