import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { expect, it } from 'vitest';
import type { LogCalls } from '../../../../src/web/workers/log-calls.js';
import { FileSource } from '../../../../src/web/source/file-source.js';
import { WorkerCalls } from '../../../../src/web/source/worker-calls.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { fileOf, linesOf } from './log-file/exported.js';
import { portPair } from '../source/ports.js';

const entry = fileURLToPath(new URL('../../../../src/web/workers/log-worker.ts', import.meta.url));

/** What a worker's scope has in every browser, and nothing of Node. */
const browser = {
  ...{
    Blob,
    TextEncoder,
    TextDecoder,
    ReadableStream,
    DecompressionStream,
    AbortController,
    AbortSignal,
    DOMException,
  },
  ...{ structuredClone, performance, queueMicrotask, URL, URLSearchParams, Headers, fetch },
};

async function bundled(): Promise<{ readonly text: string; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [entry], bundle: true, format: 'iife', platform: 'browser', target: 'es2022' },
    ...{ write: false, metafile: true, logLevel: 'silent' },
  });
  const [file] = outputFiles;
  return { text: file?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

it('The worker of logs is bundled for browsers: it reaches no module of Node and no package but the hash, and uses nothing that Node alone has', async () => {
  const { text, inputs } = await bundled();
  const packages = inputs
    .filter((path) => path.includes('node_modules/'))
    .map((path) => path.split('node_modules/')[1] ?? '');
  expect(packages.filter((path) => !path.startsWith('@noble/hashes/'))).toEqual([]);
  expect(inputs.filter((path) => /^(infra|src\/(server|app|cli|cluster|api|intake))\//.test(path))).toEqual([]);
  expect(text).not.toMatch(/\bBuffer\.|\brequire\(|\bprocess\.(?!bind)/);
});

it('The bundled worker, in a scope that has what browsers have alone, reads, replays and audits a log', async () => {
  const { text } = await bundled();
  const { page, worker } = portPair();
  const scope = createContext({
    ...browser,
    postMessage: (message: unknown) => worker.postMessage(message),
    addEventListener: (type: string, listener: (event: unknown) => void) => worker.addEventListener(type, listener),
  });
  new Script(text).runInContext(scope);
  const history = new History();
  new NaiveMarket(history, 5).run(300);
  const source = await FileSource.open(new File([fileOf(linesOf(history.batches()))], 'log.jsonl'), page);
  expect(source.head).toBe(history.head);
  expect((await source.replay({})).stateDigest).toMatch(/^[0-9a-f]{64}$/);
  expect((await source.audit()).violationCount).toBe(0);
  await expect(new WorkerCalls<LogCalls>(page).call('book', ['GHOST', {}])).rejects.toMatchObject({
    code: 'UNKNOWN_INSTRUMENT',
  });
});
