import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

const SHOWN_MS = 1_600;

/** Copies a text, and says so for a moment. Where a browser lets no page copy, the text is shown to be copied by hand. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const state = useSignal<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state.value !== 'copied') return undefined;
    const timer = setTimeout(() => (state.value = 'idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state.value]);
  const copy = (): void => {
    copied(text).then(
      () => (state.value = 'copied'),
      () => (state.value = 'refused'),
    );
  };
  return (
    <span class="copy">
      <button type="button" class="quiet copy-button" title={text} onClick={copy}>
        {state.value === 'copied' ? '✓ copied' : label}
      </button>
      {state.value === 'refused' && <code>{text}</code>}
      <span class="unseen" role="status">
        {state.value === 'copied' ? 'copied' : ''}
      </span>
    </span>
  );
}

/** Only what is served safely, or from this machine, may use the clipboard: elsewhere there is none. */
async function copied(text: string): Promise<void> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  if (clipboard === undefined) throw new Error('there is no clipboard here');
  await clipboard.writeText(text);
}
