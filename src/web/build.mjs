// Bundles the page into dist/web: scripts and styles under names that hold their content's hash, each beside what Brotli and gzip make of
// it, and index.html, which names them. Whatever reaches a Node module fails here: a browser has none.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** Makes the page anew in `dist/web`. The one that was there is replaced at once. Returns the files’ names and sizes in bytes. */
export async function buildPage(folder = join(root, 'dist/web')) {
  const made = `${folder}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(join(made, 'assets'), { recursive: true });
  const { files, script, style, worker } = await bundle(made);
  const html = readFileSync(join(here, 'index.html'), 'utf8')
    .replace('{{script}}', `/${script}`)
    .replace('{{style}}', `/${style}`)
    .replace('{{worker}}', `/${worker}`);
  const sizes = [...files, { path: 'index.html', contents: Buffer.from(html) }].map((file) => write(made, file));
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
  return sizes;
}

/** The page and its worker in one go, so that what both need is there once. */
async function bundle(folder) {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: ['src/web/main.tsx', 'src/web/workers/log-worker.ts'], outdir: join(folder, 'assets') },
    ...{ absWorkingDir: root, write: false, metafile: true, logLevel: 'warning', legalComments: 'none' },
    ...{ bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', target: ['es2022'] },
    ...{ entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', assetNames: '[name]-[hash]' },
    ...{ jsx: 'automatic', jsxImportSource: 'preact' },
  });
  const files = outputFiles.map(({ path, contents }) => ({ path: relative(folder, path), contents }));
  const madeOf = (source) =>
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source) ?? ['', {}];
  const [script, { cssBundle: style = '' }] = madeOf('src/web/main.tsx');
  const [worker] = madeOf('src/web/workers/log-worker.ts');
  const [scriptUrl, styleUrl, workerUrl] = [script, style, worker].map((path) => `assets/${basename(path)}`);
  return { files, script: scriptUrl, style: styleUrl, worker: workerUrl };
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
