import { grouped } from '../../parts/decimal.js';
import type { Limits } from '../../../client/types.js';

/** What limits say, in a few words each. */
export function limitWords({
  openQuantity,
  netPosition,
  intentionsPerSecond,
  halted,
}: Omit<Limits, 'participant' | 'instrument'>): readonly string[] {
  return [
    ...(halted ? ['halted'] : []),
    ...(openQuantity === undefined ? [] : [`at most ${decimalText(openQuantity)} open`]),
    ...(netPosition === undefined ? [] : [`net within ±${decimalText(netPosition)}`]),
    ...(intentionsPerSecond === undefined ? [] : [`${grouped(intentionsPerSecond)} posts a second`]),
  ];
}

function decimalText(value: string): string {
  const [whole = '', fraction] = value.split('.', 2);
  return `${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
}
