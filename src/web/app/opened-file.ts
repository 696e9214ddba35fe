import { signal } from '@preact/signals';
import type { Source } from '../source/source.js';

/** A log that was dropped on the page. */
export interface OpenedFile extends Source {
  readonly kind: 'file';
  readonly name: string;
}

export const openFile = signal<OpenedFile | undefined>(undefined);
