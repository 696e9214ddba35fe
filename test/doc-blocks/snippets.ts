/** Blocks of other languages than the console’s: whether they are what they claim to be. Each check gives what is wrong, in lines. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { SqlDatabase } from '../../projections/store/database/database.js';
import { schema } from '../../projections/store/database/schema.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import type { Need } from '../support/needs/table.js';

/** Stands in arguments for the file that holds the block. */
const FILE = '{}';
const root = path.join(import.meta.dirname, '../..');

export interface Check {
  /** What it takes of the machine. */
  readonly need?: Need;
  readonly faults: (text: string) => string;
}

/** By the language that a block names. Types of a program are checked with all others of their kind, by `typeFaults`. */
export const CHECKS: Readonly<Record<string, Check>> = {
  json: { faults: jsonFaults },
  yaml: { faults: yamlFaults },
  sql: { faults: sqlFaults },
  sh: { need: 'bash', faults: (text) => saidBy('bash', ['-n', FILE], text) },
  python: {
    need: 'python',
    faults: (text) => saidBy('python3', ['-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())', FILE], text),
  },
  caddy: {
    need: 'caddy',
    faults: (text) => saidBy('caddy', ['adapt', '--config', FILE, '--adapter', 'caddyfile'], text),
  },
  nginx: { need: 'nginx', faults: nginxFaults },
};

/** Languages that say nothing that could be wrong by itself, and those that are checked elsewhere. */
export const UNCHECKED = ['', 'text', 'console', 'ts', 'js', 'ini', 'http'];

export interface Program {
  /** For people: which block it is. */
  readonly name: string;
  readonly text: string;
}

/** What the compiler says about programs that import the sources of this checkout, as `./src/…`. */
export function typeFaults(programs: readonly Program[]): string[] {
  const virtual = new Map(programs.map(({ text }, index) => [path.join(root, `doc-block-${index}.ts`), text]));
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => virtual.has(file) || fileExists.call(host, file);
  host.readFile = (file) => virtual.get(file) ?? readFile.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = virtual.get(file);
    return text === undefined
      ? getSourceFile.call(host, file, version, ...rest)
      : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...virtual.keys()], { ...options, noEmit: true, incremental: false }, host);
  return [...virtual.keys()].flatMap((file, index) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((diagnostic) => {
      const { line } = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? { line: 0 };
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
      return `${programs[index]?.name ?? ''}, its line ${line + 1}: ${message}`;
    }),
  );
}

function jsonFaults(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return String(error);
  }
}

function yamlFaults(text: string): string {
  return parseAllDocuments(text)
    .flatMap(({ errors }) => errors.map(({ message }) => message))
    .join('\n');
}

/** A query of the tables that the query store has. */
function sqlFaults(text: string): string {
  const database = new SqlDatabase(':memory:');
  try {
    database.exec(schema);
    database.rows(text);
    return '';
  } catch (error) {
    return String(error);
  } finally {
    database.close();
  }
}

/** As nginx reads it, but for the certificate, which must be there when it reads it. */
function nginxFaults(text: string): string {
  const withoutCertificate = text.replace(/^ *ssl_certificate.*\n/gm, '').replaceAll(' ssl;', ';');
  return saidBy('nginx', ['-t', '-q', '-g', 'pid /dev/null; error_log stderr;', '-c', FILE], withoutCertificate);
}

/** What a command says about a text that is wrong, which it is given as a file. */
function saidBy(command: string, args: readonly string[], text: string): string {
  const folder = temporaryFolder();
  try {
    const file = path.join(folder, 'block');
    writeFileSync(file, text);
    const named = args.map((argument) => (argument === FILE ? file : argument));
    const { status, stdout, stderr } = spawnSync(command, named, { encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    removeFolder(folder);
  }
}
