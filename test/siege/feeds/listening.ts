/** The process that opens the feeds, reads them, and counts what it missed. */
import { setPriority } from 'node:os';
import { Listener, type Wanted } from './listener.js';
import { answerAll } from './talk.js';

type Question =
  { readonly open: readonly Wanted[] } | { readonly check: { readonly until: number } } | { readonly close: true };

/** Behind the others in the queue for the processors: it is the server that is tried, not the machine. */
const NICENESS = 10;
const AT_ONCE = 64;
const LOOK_EACH_MS = 500;
const PATIENCE_MS = 120_000;

let listeners: Listener[] = [];
let all: readonly Wanted[] = [];

async function answer(question: Question): Promise<Readonly<Record<string, number>>> {
  if ('open' in question) return open(question.open);
  if ('check' in question) return check(question.check.until);
  for (const listener of listeners) listener.close();
  listeners = [];
  return {};
}

async function open(wanted: readonly Wanted[]): Promise<Readonly<Record<string, number>>> {
  all = wanted;
  listeners = wanted.map((each) => new Listener(each));
  for (let at = 0; at < listeners.length; at += AT_ONCE) {
    await Promise.all(listeners.slice(at, at + AT_ONCE).map((listener) => listener.open()));
  }
  return { refused: sumOf(({ refused }) => refused) };
}

/** Waits until all that are checked have what they must have, and counts what they have wrong. The first one has the whole log. */
async function check(until: number): Promise<Readonly<Record<string, number>>> {
  const givenUpAtMs = performance.now() + PATIENCE_MS;
  const [reference] = listeners;
  const isAway = (): boolean => wrongs(until).missing > 0 || (reference?.ids.at(-1) ?? 0) < until - 1;
  while (isAway() && performance.now() < givenUpAtMs) await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
  const back = sumOf(({ connections }) => Math.max(0, connections - 1));
  const megabytes = Math.round(sumOf(({ bytes }) => bytes) / 1e6);
  return { ...wrongs(until), back, megabytes, events: sumOf(({ ids }) => ids.length) };
}

function wrongs(until: number): { readonly missing: number; readonly wrong: number; readonly checked: number } {
  const [reference] = listeners;
  const ofStream = new Map<string, number[]>();
  reference?.ids.forEach((id, at) => {
    const stream = reference.streams[at] ?? '';
    const ids = ofStream.get(stream);
    if (ids === undefined) ofStream.set(stream, [id]);
    else ids.push(id);
  });
  let missing = 0;
  let wrong = 0;
  let checked = 0;
  listeners.forEach(({ ids }, at) => {
    const { stream, from = 0, isChecked = false } = all[at] ?? {};
    if (!isChecked) return;
    checked++;
    const expected = stream === undefined ? undefined : (ofStream.get(stream) ?? []);
    const count = expected === undefined ? until - from : expected.length;
    missing += Math.max(0, count - ids.length);
    wrong += ids.filter((id, index) => id !== (expected === undefined ? from + index : expected[index])).length;
  });
  return { missing, wrong, checked };
}

function sumOf(of: (listener: Listener) => number): number {
  return listeners.reduce((sum, listener) => sum + of(listener), 0);
}

setPriority(NICENESS);
// The process that started this one sends no other questions.
answerAll((question) => answer(question as Question));
