import type { JSX } from 'preact';
import type { Phase } from '../../client/types.js';

/** Whether intentions deal as they arrive, or are collected for an auction. */
export function PhaseTag({ phase }: { readonly phase: Phase | undefined }): JSX.Element {
  if (phase === undefined) return <span class="faint">–</span>;
  return <span class={`tag ${phase === 'call' ? 'alarm' : ''}`}>{phase}</span>;
}
