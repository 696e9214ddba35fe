import type { Command } from '../../../client/commands/commands.js';
import type { Intention } from '../../../client/types.js';
import type { InstrumentTerms } from '../../../domain/instrument.js';
import { compareDecimals } from '../../parts/exact.js';
import { readPrice, readQuantity } from '../post/terms.js';

/** A change as it stands in the dialog. */
export interface ChangeDraft {
  readonly kind: 'reduce' | 'replace';
  readonly by: string;
  readonly price: string;
  readonly quantity: string;
}

type Change = Extract<Command, { readonly command: 'reduce' | 'replace' }>;
/** What the command says beside whose it is and under which id. */
type ChangeTerms =
  | Pick<Extract<Change, { readonly command: 'reduce' }>, 'command' | 'by'>
  | Pick<Extract<Change, { readonly command: 'replace' }>, 'command' | 'price' | 'quantity'>;

export type CheckedChange =
  | { readonly change: ChangeTerms }
  | {
      readonly errors: {
        readonly by?: string;
        readonly price?: string;
        readonly quantity?: string;
        readonly all?: string;
      };
    };

/** The command that a draft means for an intention as it stands, with only what is different; or what is wrong with it. */
export function checkChange(draft: ChangeDraft, intention: Intention, terms: InstrumentTerms): CheckedChange {
  return draft.kind === 'reduce' ? reduction(draft, intention, terms) : replacement(draft, intention, terms);
}

function reduction({ by }: ChangeDraft, { open }: Intention, terms: InstrumentTerms): CheckedChange {
  const read = readQuantity(terms, by);
  if ('error' in read) return { errors: { by: read.error } };
  if (compareDecimals(read.text, open) > 0) return { errors: { by: `Only ${open} is open.` } };
  return { change: { command: 'reduce', by: read.text } };
}

function replacement(draft: ChangeDraft, intention: Intention, terms: InstrumentTerms): CheckedChange {
  const price = intention.price === undefined ? undefined : readPrice(terms, draft.price);
  const quantity = readQuantity(terms, draft.quantity);
  if ((price !== undefined && 'error' in price) || 'error' in quantity) {
    return {
      errors: {
        ...(price !== undefined && 'error' in price ? { price: price.error } : {}),
        ...('error' in quantity ? { quantity: quantity.error } : {}),
      },
    };
  }
  const isSamePrice = price === undefined || compareDecimals(price.text, intention.price ?? '0') === 0;
  const isSameQuantity = compareDecimals(quantity.text, intention.open) === 0;
  if (isSamePrice && isSameQuantity) return { errors: { all: 'That is how it stands.' } };
  return {
    change: {
      command: 'replace',
      ...(isSamePrice ? {} : { price: price.text }),
      ...(isSameQuantity ? {} : { quantity: quantity.text }),
    },
  };
}
