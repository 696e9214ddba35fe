import type { Command } from 'commander';
import type { Account } from '../../../client/own/own-types.js';
import { positionText } from '../../../log/position-text.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { formatOf, type LookOptions, textThat } from '../../options/options.js';
import { parseParticipant } from '../../options/values.js';
import { usage } from '../../../app/exit.js';
import { accountOfLog } from '../../reports/log/account-of-log.js';
import { writeRecord, writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';
import { limitRows } from '../operate/limits.js';
import { dealRows } from './deals.js';
import { intentionFields, intentionRows } from './intentions.js';
import { positionRows } from './positions.js';

interface AccountOptions extends LookOptions {
  readonly after?: string;
}

const parseAfter = textThat(
  (text) => /^(?:\d{1,15}|\d{1,6}\/\d{1,15}(?:,\d{1,6}\/\d{1,15})*)$/.test(text),
  'it is a log position, or one of each shard: 0/1200,1/7',
);

export function accountVerb(terminal: Terminal): Command {
  return new Verb('account')
    .description(
      'Shows what a participant has, all at one position: its open intentions, its positions, its switch and limits where they are set, and its ' +
        'deals after a position. Of the running exchange, or with --data, --log or --at from the log alone; what is in several shards is as of a position of each.',
    )
    .argument('[participant]', 'whose; the key’s own unless one is named', parseParticipant)
    .option('--after <position>', 'with the first 1,000 deals after it; of several shards 0/1200,1/7', parseAfter)
    .lookOptions()
    .examples(
      ['parley account alice', 'what is open, and what is held'],
      ['parley account alice --after 1200 --json', 'with what was dealt since, for a program'],
      ['parley account alice --data ./parley-data --at 1200', 'as it stood before position 1200, from the log'],
    )
    .action(async (participant: string | undefined, options: AccountOptions, command: Command) => {
      const { after } = options;
      const account = await accountOf(terminal, command, participant, options);
      const write = (): Promise<void> => writeAccount(terminal, account, after !== undefined);
      await writeRecord(terminal.out, formatOf(options), account, { fields, write });
    });
}

async function accountOf(
  terminal: Terminal,
  command: Command,
  participant: string | undefined,
  options: AccountOptions,
): Promise<Account> {
  const { after } = options;
  if (!readsLog(terminal, command, options)) {
    return connect(options).account({ participant, after, signal: terminal.signal });
  }
  if (participant === undefined) throw usage('a log has no key: name the participant');
  return accountOfLog(terminal, command, { ...options, participant });
}

async function writeAccount({ out }: Terminal, account: Account, hasDeals: boolean): Promise<void> {
  const { intentions, positions, deals, limits = [], positionByShard = {} } = account;
  const shards = Object.entries(positionByShard);
  const ends = shards.map(([shard, position]) => positionText(position, Number(shard)));
  const where = account.position === undefined ? ends.join(', ') : String(account.position);
  await out.line(`${out.colors.bold(account.participant)}  before position ${where}`);
  await out.line('');
  await writeRows(out, 'table', intentions, { ...intentionRows, none: 'no open intentions' });
  if (account.moreIntentions === true) await out.line('and more, which are not shown');
  await out.line('');
  await writeRows(out, 'table', positions, positionRows);
  if (account.switch !== undefined) {
    const { withinMs, lapsesAt } = account.switch;
    await out.line('');
    await out.line(`switch of ${withinMs / 1_000} s, lapses at ${lapsesAt}`);
  }
  if (limits.length > 0) {
    await out.line('');
    await writeRows(out, 'table', limits, limitRows);
  }
  if (!hasDeals) return;
  await out.line('');
  await writeRows(out, 'table', deals, dealRows(shards.length > 0));
  if (account.moreDeals) await out.line('and more after these');
}

const below = (name: string, names: readonly string[]): readonly string[] => names.map((each) => `${name}.${each}`);
const fields = [
  ...['participant', 'position', 'positionByShard'],
  ...below('intentions', intentionFields),
  'moreIntentions',
  ...below('positions', positionRows.fields),
  ...below('deals', dealRows(false).fields),
  'moreDeals',
  ...below('switch', ['withinMs', 'lapsesAt']),
  ...below('limits', limitRows.fields),
];
