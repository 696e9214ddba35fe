import type { Market } from '../../domain/market.js';
import { nodeSha256 } from '../../log/node-sha256.js';
import { digestMarket } from './market-digest.js';

/** The digest of everything a market knows, as `digestMarket` says, by Node's SHA-256. */
export function stateDigest(market: Market): string {
  return digestMarket(market, nodeSha256());
}
