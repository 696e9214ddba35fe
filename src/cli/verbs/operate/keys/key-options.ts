import { Option } from 'commander';
import type { ReadKeyFile } from '../../../../app/keys/edited-key-file.js';
import type { Terminal } from '../../../terminal/terminal.js';

export interface KeyFileOptions {
  readonly file: string;
}

export function keyFileOption(): Option {
  return new Option('--file <file>', 'the file of API keys').makeOptionMandatory();
}

/** Warns when others than its user can read the file. */
export function warnOf({ exposure }: ReadKeyFile, { file }: KeyFileOptions, terminal: Terminal): void {
  if (exposure === undefined) return;
  terminal.warn(`others can read ${file} (its mode is ${exposure.mode}): chmod 600 ${file}`);
}
