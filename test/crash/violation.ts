/** The exchange did not keep what it promises. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Violation';
  }

  /** Throws one that tells of the first few findings, when there are any. */
  static throwIfAny(findings: readonly string[]): void {
    if (findings.length === 0) return;
    const more = findings.length > SHOWN ? `\n  and ${findings.length - SHOWN} more` : '';
    throw new Violation(`${findings.slice(0, SHOWN).join('\n  ')}${more}`);
  }
}

const SHOWN = 5;

/** What `work` resolves to; a violation when that takes too long. */
export async function within<Value>(ms: number, what: string, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Violation(`${what}: not within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
