/** The package as somebody else gets it: packed, installed by npm into an empty project, used in JavaScript and TypeScript. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { checkout, linkPackages, packCopy, type Ran, run, start } from '../../support/package/project.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';
import { whenSuiteIsOver } from '../../support/when-over.js';

const projects = path.join(import.meta.dirname, 'projects');
const strict = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  verbatimModuleSyntax: true,
  exactOptionalPropertyTypes: true,
};

/** What may be in a checkout that is packed, and never gets into the package. */
const LYING_ABOUT = {
  data: [
    'parley-data/00000000000000000000.log',
    'dist/src/parley-data/projections/queries.db',
    'src/keys.json',
    '.env',
  ],
  /** Made of sources that are gone. */
  orphans: ['dist/src/gone.js', 'dist/src/gone.d.ts', 'dist/infra/gone/gone.js'],
};

await describeWith('npm', 'the package, installed into an empty project', () => {
  const whenOver = whenSuiteIsOver();
  const folder = temporaryFolder();
  whenOver(() => removeFolder(folder));
  const project = path.join(folder, 'project');
  const installed = path.join(project, 'node_modules/parley-exchange');
  let archive: string;
  let install: Ran;

  beforeAll(async () => {
    archive = await packCopy(folder, Object.values(LYING_ABOUT).flat());
    fs.mkdirSync(project);
    fs.writeFileSync(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    install = await run(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', archive);
    fs.cpSync(projects, project, { recursive: true });
  }, PROGRAM_PATIENCE_MS);

  /** Compiles one file of the project, as a project of its own would be. */
  async function compile(file: string, options: object): Promise<Ran> {
    const config = path.join(project, `tsconfig.${file}.json`);
    fs.writeFileSync(config, JSON.stringify({ compilerOptions: { ...strict, ...options }, files: [file] }));
    return run(project, process.execPath, path.join(checkout, 'node_modules/typescript/bin/tsc'), '-p', config);
  }

  it('An install of the package ends well, and warns of nothing', () => {
    expect(install).toMatchObject({ code: 0 });
    expect(install.stdout + install.stderr).not.toMatch(/warn|deprecated/i);
  });

  it(
    'A package that is packed again, in another folder and with nothing lying about, has the same bytes',
    async () => {
      const elsewhere = temporaryFolder();
      onTestFinished(() => removeFolder(elsewhere));
      expect(fs.readFileSync(await packCopy(elsewhere, [])).equals(fs.readFileSync(archive))).toBe(true);
    },
    PROGRAM_PATIENCE_MS,
  );

  it('An installed package holds what it runs and its types, and none of what it was made from', () => {
    const files = fs.readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining(['dist/src/cli/main.js', 'dist/src/client/index.d.ts', 'LICENSE', 'THIRD-PARTY.md']),
    );
    const foreign = files.filter((file) =>
      /\.map$|(?<!\.d)\.ts$|(^|\/)test\/|\.tsbuildinfo$|codegen|gone|parley-data|keys\.json|\.env/.test(file),
    );
    expect(foreign).toEqual([]);
    const made = fs.readFileSync(path.join(installed, 'dist/src/client/client.js'), 'utf8');
    expect(made).not.toContain('sourceMappingURL');
  });

  it('The command line of an installed package runs at once, and builds nothing', async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(checkout, 'package.json'), 'utf8')) as { version: string };
    const before = fs.readdirSync(installed, { recursive: true }).length;
    expect(await run(project, 'npx', '--offline', 'parley', '--version')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    const help = await run(project, 'npx', '--offline', 'parley', 'serve', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(fs.readdirSync(installed, { recursive: true })).toHaveLength(before);
  });

  it('A program in JavaScript uses the server and its page, the client, an exchange in its own process and one for tests', async () => {
    const serving = start(project, path.join('node_modules/.bin/parley'), 'serve', '--port', '0', '--data', 'served');
    onTestFinished(() => void serving.child.kill('SIGKILL'));
    await expect.poll(() => serving.stdout + serving.stderr).toMatch(/listens on http:\S+/);
    const url = /listens on (http:\S+)/.exec(serving.stdout)?.[1] ?? '';
    const ran = await run(project, process.execPath, 'javascript.mjs', url, 'embedded');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual({ overHttp: '10.25', inProcess: '10.25', expired: 1 });
    const page = await (await fetch(url)).text();
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
    expect((await fetch(`${url}${script}`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    serving.child.kill('SIGINT');
    expect(await serving.over).toBe(130);
  });

  it.each([
    ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ])(
    'A program in strict TypeScript compiles against the package, its own types looked into, with the resolution %s',
    async (_, resolution) => {
      linkPackages(project, (name) => ['@types', 'undici-types', 'testcontainers'].includes(name));
      const node = { ...resolution, types: ['node'], lib: ['es2023'], skipLibCheck: false };
      expect(await compile('typescript.ts', node)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await compile('container.ts', { ...node, skipLibCheck: true })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
      const browser = { ...resolution, types: [], lib: ['es2022', 'dom', 'dom.iterable'], skipLibCheck: false };
      expect(await compile('browser.ts', browser)).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );

  it('An installed package without EventStoreDB’s client says what a log there takes', async () => {
    const args = ['audit', '--log', 'eventstoredb', '--connection', 'esdb://127.0.0.1:1?tls=false'];
    const { code, stderr } = await run(project, 'node_modules/.bin/parley', ...args);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm install @eventstore/db-client'),
    });
  });
});
