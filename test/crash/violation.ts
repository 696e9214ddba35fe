import { becomes, PATIENCE_MS } from '../support/patience.js';

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
const LOOK_EACH_MS = 50;

/** What `work` resolves to; a violation when that never comes, however slow the machine. */
export async function eventually<Value>(what: string, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Violation(`${what} did not come`));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves once `isSo`; a violation when that never comes, whose words may take a look of their own. */
export async function mustBecome(
  what: () => string | Promise<string>,
  isSo: () => boolean | Promise<boolean>,
  lookEachMs = LOOK_EACH_MS,
): Promise<void> {
  if (!(await becomes(isSo, lookEachMs))) throw new Violation(await what());
}
