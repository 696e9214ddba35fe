import { loseNothing } from '../lose-nothing.js';

/** Each operation once. */
loseNothing('eventstoredb', 11);
