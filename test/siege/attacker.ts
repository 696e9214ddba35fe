/** A process that runs one attack, until its parent sends it a message. */
import { setMaxListeners } from 'node:events';
import { setPriority } from 'node:os';
import { attacks } from './attacks/all.js';
import type { Where } from './attacks/attack.js';

/** Behind the others in the queue for the processors: it is the server that is tried, not the machine. */
const NICENESS = 10;

const [name = '', where = ''] = process.argv.slice(2);
const attack = attacks[name];
if (attack === undefined) throw new Error(`there is no attack ${name}`);
setPriority(NICENESS);

const over = new AbortController();
setMaxListeners(0, over.signal);
let done = 0;
process.on('message', () => over.abort());
process.on('disconnect', () => process.exit());
process.send?.({ name });
await attack.run(JSON.parse(where) as Where, (count) => (done += count), over.signal); // the siege wrote it
process.send?.({ name, done }, () => process.exit());
