/** Values of options as the exchange takes them, so that what it could only refuse is refused at once, with its format. */
import { textThat } from './options.js';
import { isParticipant, isTime } from '../../exchange/posts/parse-post.js';
import { limitQuantity } from '../../api/schemas/risk-schemas.js';
import { clientIntentionId, newPrice, newQuantity, symbol } from '../../api/schemas/fields.js';
import { PARTICIPANT_RULE } from '../../server/keys/key-file.js';
import { catalogue, type StreamKind } from '../../events/catalogue.js';

/** Takes what matches a field’s pattern. */
function matching({ pattern = '' }: { readonly pattern?: string }, says: string): (text: string) => string {
  const expression = new RegExp(pattern, 'u');
  return textThat((text) => expression.test(text), says);
}

export const parseSymbol = matching(symbol, 'a symbol is 1 to 32 characters of A–Z a–z 0–9 . _ -, such as ACME');
export const parseParticipant = textThat(isParticipant, `a participant is ${PARTICIPANT_RULE}, such as alice`);
export const parsePrice = matching(newPrice, 'a price is a decimal number above zero, such as 10.25');
export const parseQuantity = matching(newQuantity, 'a quantity is a decimal number above zero, such as 100 or 0.5');
export const parseLimitQuantity = matching(limitQuantity, 'a limit is a decimal number, such as 100, 0.5 or 0');
export const parseStep = matching(newPrice, 'a step is a decimal number above zero, such as 0.05');
export const parseClientId = matching(
  clientIntentionId,
  'an id is 1 to 64 printable ASCII characters without spaces, such as a-1',
);
export const parseInstant = textThat(isTime, 'a time is RFC 3339, such as 2030-01-31T12:00:00Z');
const ID = '[1-9][0-9]{0,15}';
const streams: Readonly<Record<StreamKind, RegExp>> = {
  intention: new RegExp(`^intention-${ID}$`),
  deal: new RegExp(`^deal-${ID}-${ID}$`),
  shard: /^shard-[0-9]{1,7}$/,
};
const streamKinds = Object.keys(streams) as readonly StreamKind[]; // it has no other keys

/** The kind of a stream, by its name; undefined for what is no stream’s name. */
export function kindOfStream(name: string): StreamKind | undefined {
  return streamKinds.find((kind) => streams[kind].test(name));
}

export const parseStream = textThat(
  (text) => kindOfStream(text) !== undefined,
  'a stream is intention-ID, deal-ID or shard-NUMBER, such as intention-12, deal-12-3, shard-0',
);

/** The names of all types of events, in the order of the catalogue. */
export const eventTypes: readonly string[] = [...new Set(catalogue.map(({ type }) => type))];
