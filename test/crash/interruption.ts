/** Resolves after a SIGINT or SIGTERM, once `end` has ended all that is under way. */
export function interruption(end: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const interrupt = (): void => void end().then(resolve);
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  });
}
