import { loseNothing } from '../lose-nothing.js';

loseNothing('kafka', 6, 'local-kafka');
