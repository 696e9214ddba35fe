/** The form of an instrument’s view by which intentions are posted. */
import type { Page } from 'playwright-core';

export interface Typed {
  readonly participant?: string;
  readonly side?: 'buy' | 'sell';
  readonly price?: string;
  readonly quantity?: string;
  /** Whether it is for whatever price there is. */
  readonly isMarket?: boolean;
}

/** Fills in what is named, and sends it. */
export async function postBy(page: Page, { participant, side, price, quantity, isMarket }: Typed): Promise<void> {
  const form = page.getByRole('region', { name: 'Post an intention' });
  if (participant !== undefined) await form.getByLabel('Participant', { exact: true }).fill(participant);
  if (side !== undefined) await form.getByRole('radio', { name: side === 'buy' ? 'Buy' : 'Sell' }).check();
  if (isMarket !== undefined) await form.getByRole('radio', { name: isMarket ? 'Market' : 'Limit' }).check();
  if (price !== undefined) await form.getByRole('textbox', { name: 'Price' }).fill(price);
  if (quantity !== undefined) await form.getByRole('textbox', { name: 'Quantity' }).fill(quantity);
  await form.getByRole('button', { name: /^(Buy|Sell)/ }).click();
}

/** What came of the last post. */
export const outcomeOn = (page: Page) => page.getByRole('region', { name: 'Post an intention' }).locator('.outcome');

/** The open intentions of whom the form names. */
export const ownOn = (page: Page) => page.locator('.own-panel');
