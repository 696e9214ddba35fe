/** What names the two sides of a deal. */
interface Sides {
  readonly buyer?: string;
  readonly seller?: string;
  readonly buyerIntention?: string;
  readonly sellerIntention?: string;
}

/**
 * A deal without what its viewer may not know of the other side: where counterparties are hidden, its name and its intention.
 * Whoever has no side in it is shown neither. `viewer`: a participant; undefined for who sees all.
 */
export function shownTo<Deal extends Sides>(viewer: string | undefined, isHidden: boolean, deal: Deal): Deal {
  if (viewer === undefined || !isHidden) return deal;
  const { buyer, seller, buyerIntention, sellerIntention, ...rest } = deal;
  const buys = buyer === viewer ? { buyer, buyerIntention } : {};
  const sells = seller === viewer ? { seller, sellerIntention } : {};
  return { ...rest, ...buys, ...sells } as Deal; // it lacks what is optional alone
}
