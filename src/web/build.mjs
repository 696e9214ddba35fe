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
  const [page, worker] = await bundles(made);
  const files = [...page.files, ...worker.files];
  const html = readFileSync(join(here, 'index.html'), 'utf8')
    .replace('{{script}}', page.script)
    .replace('{{imports}}', page.imports.map((url) => `<link rel="modulepreload" href="${url}" />`).join('\n    '))
    .replace('{{style}}', page.style)
    .replace('{{worker}}', worker.script);
  const sizes = [...files, { path: 'index.html', contents: Buffer.from(html) }].map((file) => write(made, file));
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
  return sizes;
}

/** The packages by others that the page holds parts of, as the folders in which they are installed: `node_modules/preact`. */
async function packagesOfPage() {
  const inputs = (await bundles('')).flatMap(({ inputs }) => inputs);
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort();
}

/** The page's and its worker's, which is by itself: what it shares with the page is little, and each compresses better whole. */
async function bundles(folder) {
  return [await bundle(folder, 'src/web/main.tsx'), await bundle(folder, 'src/web/workers/log-worker.ts')];
}

/** What a browser loads for a script: its own file, its style, what it imports at once, and what it loads later. */
async function bundle(folder, entry) {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [entry], outdir: join(folder, 'assets'), absWorkingDir: root, write: false, metafile: true },
    ...{ bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', target: ['es2022'] },
    ...{ entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', assetNames: '[name]-[hash]' },
    ...{ jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', logLevel: 'warning' },
  });
  const files = outputFiles.map(({ path, contents }) => ({ path: relative(folder, path), contents }));
  const made = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry);
  const [script = '', { cssBundle: style = '', imports = [] } = {}] = made ?? [];
  const url = (path) => `/assets/${basename(path)}`;
  const atOnce = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => url(path));
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.keys(output.inputs).filter((file) => output.inputs[file].bytesInOutput > 0),
  );
  return { files, inputs, script: url(script), style: url(style), imports: atOnce };
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
  if (process.argv[2] === '--packages') {
    process.stdout.write(`${(await packagesOfPage()).join('\n')}\n`);
  } else {
    const sizes = await buildPage();
    if (process.argv[2] === '--sizes') {
      for (const { path, bytes, brotliBytes } of sizes) {
        process.stdout.write(
          `${path.padEnd(40)} ${String(bytes).padStart(8)} ${String(brotliBytes).padStart(8)} brotli\n`,
        );
      }
    }
  }
}
