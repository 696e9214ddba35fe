import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { readFileSync } from 'node:fs';
import { maxPublicMembers } from './test/support/lint/max-public-members.mjs';

const impureGlobals = [
  'Date',
  'process',
  'performance',
  'Buffer',
  'crypto',
  'fetch',
  'console',
  'global',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];

/** A test waits for what it asserts, as long as it takes: test/support/patience.ts. */
const waitsForTime = 'A test waits for the condition itself (expect.poll, until), never for time.';
const bareTimers = ['setTimeout', 'setInterval'];

/** A literal that begins with a spread, and goes on. */
const OPENING_SPREAD = 'ObjectExpression[properties.length>1] > SpreadElement:first-child';
const ownShape =
  'V8 of Node 20 gives each object of such a literal a shape of its own, in a microsecond: name a field first, or use Object.assign.';

/** The methods that events are handled by, as the generator names them. */
const journal = readFileSync(new URL('src/domain/journal.generated.ts', import.meta.url), 'utf8');
const events = [...journal.matchAll(/^ {2}(\w+)\(event: /gm)].map(([, method]) => method);

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'data/', 'test-results/', '**/*.generated.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.test.json', './src/web/tsconfig.json', './test/page/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/class-literal-property-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Choices are numbers in rows, messages and events: enums name them, and cost nothing because the compiler writes their numbers.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // It asks for the `!` that no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Hot code loops by index on purpose.
      '@typescript-eslint/prefer-for-of': 'off',
      // Implementations of asynchronous ports need not await.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['{src,projections,infra}/**/*.{ts,tsx}'],
    plugins: { parley: { rules: { 'max-public-members': maxPublicMembers } } },
    rules: {
      'max-lines': ['error', 300],
      'parley/max-public-members': ['error', { max: 20, events }],
      '@typescript-eslint/max-params': ['error', { max: 4 }],
    },
  },
  {
    // Reads and writes take what Node's take, one by one: they are called for every batch.
    files: ['src/log/disk.ts', 'infra/embedded/files.ts'],
    rules: { '@typescript-eslint/max-params': 'off' },
  },
  {
    // A table of columns has a getter and a setter for each, and is measured as it is; a source has a method for each thing that is shown.
    files: ['src/domain/negotiators/negotiator-table.ts', 'src/web/source/*-source.ts'],
    rules: { 'parley/max-public-members': 'off' },
  },
  {
    files: ['src/domain/**/*.ts', 'src/events/**/*.ts'],
    ignores: ['src/events/codegen/**'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'Deterministic code imports only itself.' }] },
      ],
    },
  },
  {
    // What is made for each command or event, or kept of each instrument.
    files: ['src/domain/**/*.ts', 'src/exchange/{posts,shard}/**/*.ts', 'projections/streams/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: OPENING_SPREAD, message: ownShape }] },
  },
  {
    files: ['src/{domain,events,log,exchange,server}/**/*.ts', 'projections/**/*.ts'],
    ignores: ['src/events/codegen/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Answers parsed from JSON and vitest's asymmetric matchers are `any`; an assertion follows at once.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['test/**/*.test.ts', 'test/{contract,support}/**/*.ts', 'test/e2e/**/*.ts'],
    ignores: ['test/support/patience.ts'],
    rules: {
      'no-restricted-globals': ['error', ...bareTimers.map((name) => ({ name, message: waitsForTime }))],
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'node:timers/promises', importNames: ['setTimeout', 'setInterval'], message: waitsForTime }],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'Property[key.name="timeout"][value.type="Literal"]', message: waitsForTime },
        {
          selector:
            'CallExpression[callee.name=/^(it|test|describe|beforeAll|beforeEach|afterAll|afterEach)$/] > Literal[raw=/^[0-9_.e]+$/]',
          message: waitsForTime,
        },
        {
          selector: 'MemberExpression[object.name="performance"][property.name="now"]',
          message:
            'How long something takes is for the benchmarks; a test counts what is done, or has a clock of its own.',
        },
      ],
    },
  },
  {
    // Node's own runner takes a test by a call whose promise is its own affair.
    files: ['examples/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['after', 'before', 'beforeEach', 'test'] },
          ],
        },
      ],
    },
  },
  {
    files: ['src/web/**/*.tsx'],
    ...a11y.flatConfigs.strict,
    settings: { react: { version: '18' } },
  },
  {
    files: ['src/web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: { 'react-hooks/rules-of-hooks': 'error' },
  },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: globals.node } },
);
