import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

export const checkout = path.resolve(import.meta.dirname, '..', '..', '..');

/** A file's content; its path counts from the checkout's top. */
export function textOf(file: string): string {
  return readFileSync(path.join(checkout, file), 'utf8');
}

/** All documents of a YAML file. Throws where it is not YAML, or has a key twice. */
export function yamlOf(file: string): unknown[] {
  return parseAllDocuments(textOf(file), { merge: true }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    return document.toJS() as unknown;
  });
}

/** Names of what is in a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(path.join(checkout, folder)).toSorted();
}

/** An image is pinned when its tag names a version, with at least two numbers. */
export const PINNED_IMAGE = /^[a-z0-9./-]+:v?\d+\.\d+[\w.-]*$/;
