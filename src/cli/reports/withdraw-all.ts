import {
  type CommandOptions,
  type ParleyClient,
  ParleyError,
  type WithdrawFilter,
  type Withdrawal,
} from '../../client/index.js';
import { type Format, fieldsOf, type RowKind, RowWriter } from '../terminal/rows.js';
import { grouped } from '../../app/grouped.js';
import { inOrder } from './shown-intention.js';
import type { Terminal } from '../terminal/terminal.js';

/** Withdraws all that is open of a participant, prints each, and says how many there were, however it ends. */
export async function withdrawAll(
  terminal: Terminal,
  client: ParleyClient,
  as: Format,
  { validUntil, ...filter }: WithdrawFilter & CommandOptions & { readonly participant: string },
): Promise<void> {
  const { out, signal } = terminal;
  const writer = new RowWriter(out, as, withdrawalRows);
  const counts = new Map<string, number>();
  try {
    for await (const withdrawal of client.withdrawAll(filter, { signal, validUntil })) {
      await writer.write([inOrder(withdrawal)]);
      const kind = withdrawal.outcome === 'withdrawn' ? 'withdrawn' : `${withdrawal.status} meanwhile`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  } catch (error) {
    const isUnknown = signal.aborted || (error instanceof ParleyError && error.isTransient);
    const more = isUnknown ? '; whether others were is unknown, and the same again is safe' : '';
    if (isUnknown || counts.size > 0) terminal.note(`${told(counts, filter)} so far${more}`);
    throw error;
  }
  await writer.end();
  terminal.note(told(counts, filter));
}

/** `alice: 12 withdrawn, 1 filled meanwhile`. */
function told(counts: ReadonlyMap<string, number>, { participant }: { readonly participant: string }): string {
  const others = [...counts].filter(([kind]) => kind !== 'withdrawn');
  const all = [['withdrawn', counts.get('withdrawn') ?? 0] as const, ...others];
  return `${participant}: ${all.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ')}`;
}

const withdrawalRows: RowKind<Withdrawal> = {
  none: 'nothing was open',
  columns: [
    { head: 'id', value: ({ id }) => id, align: 'right' },
    { head: 'instrument', value: ({ instrument }) => instrument },
    { head: 'side', value: ({ side }) => side },
    { head: 'price', value: ({ price }) => price ?? 'market', align: 'right' },
    { head: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
    { head: 'filled', value: ({ filled }) => filled, align: 'right' },
    { head: 'outcome', value: ({ outcome, status }) => (outcome === 'withdrawn' ? outcome : `${status} meanwhile`) },
  ],
  fields: fieldsOf<Withdrawal>({
    ...{ id: true, clientIntentionId: true, participant: true, instrument: true, side: true, type: true, price: true },
    ...{ quantity: true, timeInForce: true, expiresAt: true, postOnly: true, status: true, open: true, reserved: true },
    ...{ filled: true, postedAt: true, postedPosition: true, postedPrice: true, postedQuantity: true },
    ...{ closedReason: true, closedAt: true, closedPosition: true, outcome: true },
  }),
};
