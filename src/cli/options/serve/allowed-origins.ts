import { InvalidArgumentError } from 'commander';
import { originOf } from '../../../api/origin.js';

/** One origin, or several with commas; once or several times. */
export function allowOrigin(text: string, before: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const origins = text.split(',').map((each) => originOf(each.trim()));
  if (origins.every((each) => each !== undefined)) return new Set([...before, ...origins]);
  throw new InvalidArgumentError('an origin is like https://desk.example, or http://localhost:3000');
}
