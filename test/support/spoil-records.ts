/** In every test file: what is used again is spoiled once its handler has returned. See src/domain/reuse.ts. */
import { reuse } from '../../src/domain/reuse.js';

reuse.isSpoiled = true;
