import type { Json, Operation } from './history.js';

/** JSON with its keys in order: equal texts, equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) => {
    if (typeof held !== 'object' || held === null || Array.isArray(held)) return held;
    return Object.fromEntries(Object.entries(held).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

export function without(body: Json, field: string): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
}

const SHOWN = 600;

export function shortened(value: unknown): string {
  const text = canonical(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** An operation with its number and its times, for people. */
export function wordsOf({ number, ask, member, beganMs, endedMs, reply }: Operation): string {
  const { kind, ...terms } = ask;
  const times = `${beganMs.toFixed(1)}–${endedMs.toFixed(1)} ms`;
  const of = member === undefined ? '' : ` of member ${member}`;
  return `#${number} ${kind}${of} ${shortened(terms)} (${times}, ${reply?.status ?? 'no answer'})`;
}
