import type { Role } from './character.js';
import { Forgetful } from './characters/forgetful.js';
import { Impatient } from './characters/impatient.js';
import { Maker } from './characters/maker.js';
import { Patient } from './characters/patient.js';
import { Reckless } from './characters/reckless.js';
import { Taker } from './characters/taker.js';
import { Waverer } from './characters/waverer.js';

/** Who trades in the demonstration, in the order in which they act. */
export const cast: readonly Role[] = [Maker, Patient, Taker, Impatient, Waverer, Reckless, Forgetful];
