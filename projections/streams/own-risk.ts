/** What one’s own stream says of switches, limits, and posts that they refuse. */
import type * as Recorded from '../../src/domain/journal.generated.js';
import { postRefusalNames } from '../../src/domain/terms.js';
import type { DirectoryFold } from '../directory/directory.js';
import { nameOf, shownInstrument, timeText } from '../directory/views.js';
import { limitTermsView } from '../store/queries/risk-views.js';
import type { RiskEvent } from './messages.js';

/** Without what every message has. */
type Said<Type extends RiskEvent['type']> = Omit<
  Extract<RiskEvent, { type: Type }>,
  'channel' | 'position' | 'shard' | 'participant' | 'at'
>;

export function switchSaid({ withinMs, lapsesAtMs }: Recorded.SwitchSet): Said<'switchSet'> {
  return { type: 'switchSet', withinMs, ...(withinMs !== 0 && { lapsesAt: timeText(lapsesAtMs) }) };
}

export function limitsSaid(directory: DirectoryFold, event: Recorded.LimitsSet): Said<'limitsSet'> {
  return { type: 'limitsSet', ...limitTermsView(directory, event) };
}

export function refusalSaid(directory: DirectoryFold, event: Recorded.PostRefused): Said<'refused'> {
  const { clientIntentionId, instrumentId, code } = event;
  const instrument = shownInstrument(directory, instrumentId).symbol;
  return { type: 'refused', clientIntentionId, instrument, code: nameOf(postRefusalNames, code) };
}
