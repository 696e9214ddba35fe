import { loseNothing } from '../lose-nothing.js';

loseNothing('embedded', 16);
