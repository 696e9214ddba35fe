import { signal } from '@preact/signals';
import type { FileSource } from '../source/file-source.js';

/** A log that was dropped on the page; it is open until it is closed, or the page is loaded again. */
export const openFile = signal<FileSource | undefined>(undefined);
