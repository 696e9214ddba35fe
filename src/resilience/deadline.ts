/**
 * What is asked; or, where that takes longer than `ms`, what `late` returns or throws. What comes of the question after that is
 * ignored.
 */
export async function withDeadline<Value, Late>(
  asked: Promise<Value>,
  ms: number,
  late: () => Late,
): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    return await Promise.race([asked, over.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
