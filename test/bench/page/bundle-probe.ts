import path from 'node:path';
import { build } from 'esbuild';

/** The script of the probe, as browsers run it. */
export async function bundleProbe(): Promise<string> {
  const root = process.cwd();
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'test/page/bench/in-page.ts')],
    absWorkingDir: root,
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser', target: 'es2022', logLevel: 'silent' },
  });
  return outputFiles[0]?.text ?? '';
}
