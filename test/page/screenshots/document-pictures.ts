/** The pictures of the documents: docs/pictures/page-….png. */
import type { SizedShot } from './photographer.js';
import { audited, dealAddress, halfway } from './shots.js';

const size = { width: 1_200, height: 720 };

export const picturesOfDocuments: readonly SizedShot[] = [
  { name: 'page-market', address: '/market/ACME', size: { width: 1_200, height: 820 } },
  { name: 'page-deal', address: dealAddress, before: halfway, size: { width: 1_200, height: 830 } },
  { name: 'page-intention', address: ({ intention }) => `/intentions/${intention}`, size },
  { name: 'page-audit', address: '/audit', before: audited, size: { width: 1_200, height: 600 } },
];
