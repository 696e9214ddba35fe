import type { Ending } from '../play/outcome.js';
import type { ExpiredLine, WithdrawnLine } from '../script/flow-line.js';
import type { FlowStep } from '../step.js';
import type { Findings } from './findings.js';

/**
 * Every `expired` and `withdrawn` line is what happened to its intention. What happens to others than the intention that a command is about
 * has to be said: one that expires, or is withdrawn as a self-trade, and is not named is a mismatch.
 */
export function checkEndings(step: FlowStep, endings: readonly Ending[], findings: Findings): void {
  const isSilent = ({ reason }: Ending): boolean => reason !== 'expired' && reason !== 'selfTrade';
  if (step.expectations.length === 0 && endings.every(isSilent)) return;
  const unnamed = new Map(endings.map((ending) => [shown(ending), ending]));
  for (const { lineNumber, expected } of step.expectations) {
    if (expected.kind !== 'expired' && expected.kind !== 'withdrawn') continue;
    const wanted = shown(endingOf(expected));
    if (unnamed.delete(wanted)) {
      findings.held(expected.kind);
      continue;
    }
    const other = endings.find(({ id }) => id === expected.id);
    if (other !== undefined) unnamed.delete(shown(other));
    findings.failed(expected.kind, lineNumber, wanted, other === undefined ? 'nothing of it' : shown(other));
  }
  for (const ending of unnamed.values()) {
    if (ending.reason === 'expired') failUnnamed('expired', `no expiry of ${ending.id}`, ending);
    else if (ending.reason === 'selfTrade') failUnnamed('withdrawn', `no withdrawal of ${ending.id}`, ending);
  }

  function failUnnamed(kind: 'expired' | 'withdrawn', expected: string, ending: Ending): void {
    findings.failed(kind, step.lineNumber, expected, shown(ending));
  }
}

function endingOf(line: ExpiredLine | WithdrawnLine): Ending {
  return { id: line.id, reason: line.kind === 'expired' ? 'expired' : line.reason };
}

function shown({ id, reason }: Ending): string {
  return reason === 'expired' ? `expired ${id}` : `withdrawn ${id} ${reason}`;
}
