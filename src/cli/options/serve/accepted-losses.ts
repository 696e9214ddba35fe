import { InvalidArgumentError } from 'commander';
import type { AcceptedLosses } from '../../../app/serving/common-serving.js';

/** `[SHARD/]POSITION`, once or several times; shard 0 unless it is named. */
export function acceptLoss(text: string, before: AcceptedLosses = new Map()): AcceptedLosses {
  const [, shard = '0', position] = /^(?:(\d{1,4})\/)?(\d{1,15})$/.exec(text) ?? [];
  if (position === undefined) {
    throw new InvalidArgumentError('it must be [SHARD/]POSITION, as the refusal to open the log proposes it');
  }
  return new Map([...before, [Number(shard), Number(position)]]);
}
