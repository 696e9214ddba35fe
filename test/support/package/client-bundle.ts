import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

export interface ClientBundle {
  /** What it is made of, as paths in the checkout. */
  readonly inputs: readonly string[];
  /** How many things it imports from elsewhere. */
  readonly imports: number;
  /** Minified, and compressed by gzip. */
  readonly bytes: number;
}

/** The client as a browser would load it, made from the checkout that lies at `root`. */
export async function bundleClient(root: string): Promise<ClientBundle> {
  const { metafile, outputFiles } = await build({
    entryPoints: [path.join(root, 'src/client/index.ts')],
    absWorkingDir: root,
    ...{ bundle: true, minify: true, metafile: true, write: false },
    ...{ format: 'esm', platform: 'browser', target: 'es2022', logLevel: 'silent' },
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports).length;
  const bytes = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
  return { inputs: Object.keys(metafile.inputs), imports, bytes };
}
