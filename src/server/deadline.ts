/** There was no answer in time. */
export class LateError extends Error {
  override readonly name = 'LateError';
  readonly code = 'LATE';
}

/** What is asked, or a LateError after `timeoutMs`; what comes of it later is nobody’s concern. */
export async function within<Value>(asked: Promise<Value>, timeoutMs: number, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new LateError(`${what} took longer than ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
