const project = '^(src|projections|infra|test)/';

/** What is in `folder` may import, of the project, only itself and `others`. */
const only = (folder, ...others) => ({
  name: `${folder.replace('/', '-')}-imports-only-${['itself', ...others].join('-')}`.replaceAll('/', '-'),
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: project, pathNot: [folder, ...others].map((allowed) => `^${allowed}/`) },
});

/** What is in `folder` must not import `others`. */
const never = (folder, ...others) => ({
  name: `${folder}-never-imports-${others.join('-')}`.replaceAll('/', '-'),
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: others.map((forbidden) => `^${forbidden}/`) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('src/domain'),
    only('src/events', 'src/domain'),
    only('src/resilience'),
    only('src/log', 'src/resilience', 'src/events', 'src/domain'),
    only('src/exchange', 'src/resilience', 'src/log', 'src/events', 'src/domain'),
    only('projections', 'src/resilience', 'src/log', 'src/events', 'src/domain'),
    only('infra', 'src/resilience', 'src/log', 'src/events'),
    only('src/cluster', 'src/resilience', 'src/exchange', 'src/log', 'src/events'),
    only('src/api', 'src/exchange', 'src/events'),
    only('src/intake', 'src/api', 'src/resilience', 'src/cluster', 'src/exchange', 'src/log', 'src/events'),
    only(
      ...[
        'src/server',
        'src/api',
        'src/resilience',
        'src/cluster',
        'src/exchange',
        'projections',
        'src/log',
        'src/events',
      ],
    ),
    only('src/flow', 'projections', 'src/exchange', 'src/log', 'src/events'),
    only('src/client', 'src/resilience'),
    only(
      ...[
        'src/web',
        'src/client',
        'src/resilience',
        'projections',
        'src/exchange/recovery',
        'src/log',
        'src/events',
        'src/domain',
      ],
    ),
    {
      name: 'page-needs-no-node-module',
      comment:
        'Nor may what it imports: the build of the page, and the test of its worker, find what is reached further on.',
      severity: 'error',
      from: { path: '^src/web/', pathNot: '\\.mjs$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-needs-the-page',
      severity: 'error',
      from: { path: project, pathNot: '^(src/web|test)/' },
      to: { path: '^src/web/' },
    },
    only('test/history/checker'),
    only('src/testcontainers', 'src/client'),
    never('src/app', 'src/domain', 'src/flow', 'src/cli', 'src/client', 'src/in-process', 'src/testcontainers', 'test'),
    never(
      'src/in-process',
      'src/domain',
      'src/flow',
      'src/intake',
      'src/cli',
      'src/client',
      'src/testcontainers',
      'test',
    ),
    never('src/cli', 'src/domain', 'src/cluster', 'src/intake', 'src/in-process', 'src/testcontainers', 'test'),
    {
      name: 'command-line-composes-nothing',
      comment:
        'Verbs open logs and servers by src/app. The rules of a key file, and of the keys in it, are the file’s, whoever edits it.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: {
        path: '^(src/server|infra)/',
        pathNot: '^src/server/keys/(key-file|public-key)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'options-are-parsed-by-the-command-line',
      severity: 'error',
      from: { path: '^(src|projections|infra)/', pathNot: '^src/cli/' },
      to: { path: '^node_modules/commander/' },
    },
    {
      name: 'client-needs-nothing',
      comment: 'The client, and what it is made of, runs in a browser too, and brings no other package.',
      severity: 'error',
      from: { path: '^src/(client|resilience)/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'deterministic-code-stands-alone',
      comment: 'No Node module and no package in the domain and the catalogue; the code generator is a build script.',
      severity: 'error',
      from: { path: '^src/(domain|events)/', pathNot: '^src/events/codegen/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // What names the package itself means what is built of it, which need not be there.
      to: { couldNotResolve: true, pathNot: ['dist/', '^parley-exchange/?'] },
    },
    {
      name: 'no-development-packages-in-production',
      severity: 'error',
      // What the page is made of is bundled into it.
      from: { path: '^(src|projections|infra)/', pathNot: '^src/(events/codegen|web)/' },
      // What those install themselves who need it is a package for development here.
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: '/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
