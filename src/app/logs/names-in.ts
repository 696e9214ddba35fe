import { readdir } from 'node:fs/promises';
import { errorCode } from '../../log/message-of.js';

/** What is in a folder; nothing where it does not exist. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
