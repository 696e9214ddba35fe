import { besides } from './besides.js';
import type { Operation } from './operation.js';
import { restores } from './restores.js';
import { segmentOperations } from './segment-operations.js';

/** All that is done while nobody serves from the folder. */
export const operations: readonly Operation[] = [...segmentOperations, ...besides, ...restores];
