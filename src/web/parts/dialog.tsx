import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A dialog over the page, of the browser’s own kind: it holds the focus, which its first field has, and Escape closes it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  /** Closed because it is no longer wanted, of which the browser tells later: by then it may be wanted again. */
  const isOurs = useRef(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    if (isOpen && !current.open) {
      current.showModal();
      current.querySelector<HTMLElement>('input, select, textarea')?.focus();
    }
    if (!isOpen && current.open) {
      isOurs.current = true;
      current.close();
    }
  }, [isOpen]);
  const onClosed = (): void => {
    if (!isOurs.current) onClose();
    isOurs.current = false;
  };
  return (
    <dialog ref={element} class="dialog" aria-label={title} onClose={onClosed}>
      {isOpen && (
        <>
          <div class="dialog-head">
            <h2>{title}</h2>
            <button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>
              ✕
            </button>
          </div>
          {children}
        </>
      )}
    </dialog>
  );
}
