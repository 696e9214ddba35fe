/** Whether it is aborted by now. Asked through a call, because the compiler takes a second look at `signal.aborted` for the same as the first. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
