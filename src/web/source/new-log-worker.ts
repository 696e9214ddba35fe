/** A thread that folds logs, of its own: files, and what a server sends. Its script is loaded when it is first needed. */
export function newLogWorker(): Worker {
  const script = document.querySelector<HTMLMetaElement>('meta[name="log-worker"]')?.content;
  return new Worker(script ?? '', { type: 'module', name: 'log' });
}
