/** The page by keyboard: each key with what it does, and the list of them. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Dialog } from '../parts/dialog.js';

export interface KeyAction {
  /** As `KeyboardEvent.key` has it. */
  readonly key: string;
  readonly says: string;
  readonly act: () => void;
}

/** Those of what is shown now; of two with the same key the later one counts. */
const actions = signal<readonly KeyAction[]>([]);
const isShown = signal(false);

/** Takes keys while the component is shown. */
export function useKeys(own: readonly KeyAction[]): void {
  const key = own.map((each) => each.key).join(' ');
  // What a key does is what it did when the component was drawn last.
  const latest = useRef(own);
  latest.current = own;
  useEffect(() => {
    const taken = own.map((action, index) => ({ ...action, act: () => latest.current[index]?.act() }));
    actions.value = [...actions.peek(), ...taken];
    return () => (actions.value = actions.peek().filter((each) => !taken.includes(each)));
  }, [key]);
}

/** From now on keys do what is listed, but where something is typed. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '?') {
      isShown.value = !isShown.value;
      return;
    }
    if (document.querySelector('dialog[open]') !== null) return;
    const action = actions.value.findLast(({ key }) => key === event.key);
    if (action === undefined) return;
    event.preventDefault();
    action.act();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': 'space',
};

export function KeysHelp(): JSX.Element {
  return (
    <Dialog title="Keys" isOpen={isShown.value} onClose={() => (isShown.value = false)}>
      <dl class="keys">
        {actions.value.map(({ key, says }) => (
          <div key={key}>
            <dt>
              <kbd>{names[key] ?? key}</kbd>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>this list</dd>
        </div>
      </dl>
    </Dialog>
  );
}
