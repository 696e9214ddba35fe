/** Aborting happens elsewhere, so no check of it tells anything about the next: asked like this, the compiler does not take it to. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
