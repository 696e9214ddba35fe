/** A gate at which code under test waits until the test opens it. */
export interface Gate {
  /** Resolves once something waits. */
  readonly reached: Promise<void>;
  /** Resolves once it is open. */
  readonly wait: () => Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  let reach: () => void = () => undefined;
  let open: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const wait = (): Promise<void> => {
    reach();
    return opened;
  };
  return { reached, wait, open };
}
