/** What gets into the package, and what it says of itself: seen by npm, without building it. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { bundleClient } from '../../support/package/client-bundle.js';

const checkout = path.join(import.meta.dirname, '../../..');
const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

interface Manifest {
  readonly name: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

const manifest = JSON.parse(fs.readFileSync(path.join(checkout, 'package.json'), 'utf8')) as Manifest; // the package's own

/** A checkout with these files, which hold nothing but their names; and what npm would pack of it. */
function packed(files: readonly string[]): string[] {
  const place = fs.mkdtempSync(path.join(folder, 'checkout-'));
  for (const file of ['package.json', '.gitignore', '.npmrc'])
    fs.copyFileSync(path.join(checkout, file), path.join(place, file));
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
    fs.writeFileSync(path.join(place, file), file);
  }
  const env = { ...process.env, npm_config_cache: path.join(folder, 'npm') };
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files: taken }] = JSON.parse(execFileSync('npm', args, { cwd: place, env, encoding: 'utf8' })) as [
    { readonly files: readonly { readonly path: string }[] },
  ]; // as npm documents it
  return taken.map((file) => file.path).filter((file) => file !== 'package.json');
}

const MADE = [
  ...['dist/infra/embedded/writer.js', 'dist/infra/embedded/writer.d.ts', 'dist/projections/invariants.js'],
  ...['dist/projections/invariants.d.ts', 'dist/src/client/index.js', 'dist/src/client/index.d.ts'],
  ...['dist/web/index.html', 'dist/web/index.html.br', 'dist/web/assets/main-ABC.js', 'dist/web/assets/main-ABC.js.gz'],
  ...['src/cli/parley.mjs', 'src/cli/stamp.mjs', 'README.md', 'LICENSE', 'CHANGELOG.md'],
  'THIRD-PARTY.md',
];

const NEVER = [
  // Data folders, wherever somebody made one.
  ...[
    'parley-data/00000000000000000000.log',
    'parley-data/projections/queries.db',
    'data/claim-1',
    'dist/src/parley-data/1.log',
  ],
  ...['dist/queries.db', 'src/parley-data/00000000000000000000.log', 'dist/infra/snapshots/snapshot-1.bin'],
  // Secrets.
  ...[
    'keys.json',
    '.env',
    '.npmrc.bak',
    'src/cli/keys.json',
    'dist/src/keys.json',
    'infra/deploy/secrets/operator-key',
  ],
  ...['infra/deploy/.env', 'dist/infra/deploy/secrets/keys.json', 'id_ed25519', 'dist/src/client/key.pem'],
  // What builds and tests leave.
  ...[
    'dist/.built-app',
    'dist/.tsbuildinfo',
    'dist/src/client/index.js.map',
    'dist/test/bench/main.js',
    '.cache/npm/x',
  ],
  ...['coverage/lcov.info', 'test-results/junit.xml', 'node_modules/.cache/parley/types.tsbuildinfo', 'npm-debug.log'],
  ...[
    '.bootstrap.lock/x',
    'dist/src/events/codegen/main.js',
    'dist/infra/kafka/local/main.js',
    'dist/infra/containers/images.js',
    'day/1.log',
    'posts.ndjson',
  ],
  // Sources, tests, and what the checkout is run with.
  ...['src/client/index.ts', 'src/cli/bootstrap.mjs', 'src/cli/link-bin.mjs', 'test/unit/a.test.ts', 'docs/README.md'],
  ...[
    'tsconfig.json',
    'package-lock.json',
    'examples/README.md',
    '.github/workflows/ci.yml',
    'infra/deploy/Dockerfile',
  ],
];

describe('what gets into the package', () => {
  it('The package holds what the build makes and nothing else, whatever lies about in the checkout', () => {
    expect(packed([...MADE, ...NEVER]).toSorted()).toEqual(MADE.toSorted());
  });
});

describe('the manifest of the package', () => {
  it('Every way into the package is made of a source', () => {
    const { exports, bin, name, license } = manifest;
    expect({ name, license }).toEqual({ name: 'parley-exchange', license: 'Apache-2.0' });
    expect(Object.keys(exports)).toEqual(['.', './client', './testing', './testcontainers', './package.json']);
    for (const way of Object.values(exports)) {
      if (typeof way === 'string') continue;
      const source = way.default.replace('./dist/', '').replace(/\.js$/, '.ts');
      expect(fs.existsSync(path.join(checkout, source)), source).toBe(true);
      expect(way.types).toBe(way.default.replace(/\.js$/, '.d.ts'));
    }
    expect(Object.keys(bin)).toEqual(['parley']);
    expect(fs.readFileSync(path.join(checkout, bin.parley ?? ''), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('An install of the package runs no script, and takes what only some need from those who need it', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
    const { peerDependencies, peerDependenciesMeta, dependencies } = manifest;
    for (const name of Object.keys(peerDependencies)) {
      expect(peerDependenciesMeta[name]).toEqual({ optional: true });
      expect(dependencies).not.toHaveProperty(name);
    }
  });
});

describe('the client of the package', () => {
  const MOST_BYTES = 12_000;

  it(`The client imports nothing but itself, and is at most ${MOST_BYTES / 1_000} kB, minified and compressed`, async () => {
    const { inputs, imports, bytes } = await bundleClient(checkout);
    expect(inputs).toContain('src/client/client.ts');
    expect(inputs.filter((file) => !/^src\/(client|resilience)\//.test(file))).toEqual([]);
    expect(imports).toBe(0);
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
});
