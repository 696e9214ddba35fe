import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A dialog over the page, of the browser’s own kind: it holds the focus, and Escape closes it. */
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
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    if (isOpen && !current.open) current.showModal();
    if (!isOpen && current.open) current.close();
  }, [isOpen]);
  // The browser tells of it later: by then it may have been opened again.
  const onClosed = (): void => {
    if (element.current?.open !== true) onClose();
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
