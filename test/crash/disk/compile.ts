/** Compiles the library that stands for a disk that loses power, when it is older than its sources. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = rootAbove(import.meta.dirname);
const sources = path.join(root, 'test/crash/disk/library');
const library = path.join(root, 'dist/lossy-disk.so');
const compilers = ['cc', 'gcc', 'clang'];

/** Why the library cannot be compiled here, or undefined when it can. */
export function missingCompiler(): string | undefined {
  if (process.platform !== 'linux') return 'the lossy disk is made of Linux’s system calls';
  return compilers.some((name) => answers(name)) ? undefined : `there is no C compiler here (${compilers.join(', ')})`;
}

/** The library's path. Throws where it cannot be compiled. */
export function compileDisk(): string {
  const compiler = compilers.find((name) => answers(name));
  if (compiler === undefined) throw new Error(missingCompiler());
  const files = fs.readdirSync(sources).filter((file) => /\.[ch]$/.test(file));
  const newestMs = Math.max(...files.map((file) => fs.statSync(path.join(sources, file)).mtimeMs));
  if ((fs.statSync(library, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newestMs) return library;
  fs.mkdirSync(path.dirname(library), { recursive: true });
  const made = `${library}.${process.pid}`;
  const inputs = files.filter((file) => file.endsWith('.c')).map((file) => path.join(sources, file));
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-fvisibility=hidden'];
  execFileSync(compiler, [...flags, '-o', made, ...inputs, '-ldl', '-lpthread'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  fs.renameSync(made, library); // two programs may be compiling at once
  return library;
}

function answers(compiler: string): boolean {
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** This file runs compiled, from dist, and as it is. */
function rootAbove(folder: string): string {
  return fs.existsSync(path.join(folder, 'package.json')) ? folder : rootAbove(path.dirname(folder));
}
