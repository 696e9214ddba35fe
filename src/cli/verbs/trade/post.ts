import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { IntentionAcknowledged, Side, TimeInForce } from '../../../client/index.js';
import { change, type CommandOptions, validUntilOption } from './change.js';
import {
  parseClientId,
  parseInstant,
  parseParticipant,
  parsePrice,
  parseQuantity,
  parseSymbol,
} from '../../options/values.js';
import { fieldsOf } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface PostOptions extends CommandOptions {
  readonly clientIntentionId?: string;
  readonly participant?: string;
  readonly instrument: string;
  readonly side: Side;
  readonly type?: 'limit' | 'market';
  readonly price?: string;
  readonly quantity: string;
  readonly timeInForce?: TimeInForce;
  readonly expiresAt?: string;
  readonly postOnly?: true;
}

export function postVerb(terminal: Terminal): Command {
  return new Verb('post')
    .description(
      'Posts an intention to the running exchange, and prints its acknowledgement once it is durable. Posted again under the same ' +
        'client id, it is the same intention.',
    )
    .option('--participant <name>', 'who trades; the key’s own participant unless given', parseParticipant)
    .requiredOption('--instrument <symbol>', 'what to trade', parseSymbol)
    .addOption(new Option('--side <side>', 'which way').choices(['buy', 'sell']).makeOptionMandatory())
    .requiredOption('--quantity <quantity>', 'how much, as a decimal number', parseQuantity)
    .option('--price <price>', 'the limit, as a decimal number; none for a market intention', parsePrice)
    .choice('--type <type>', 'limit unless given, or market, which has no price', ['limit', 'market'])
    .choice(
      '--tif, --time-in-force <when>',
      'until withdrawn, at once, all or nothing, until a time; unless given gtc, for market ioc',
      ['gtc', 'ioc', 'fok', 'gtd'],
    )
    .option('--expires-at <time>', 'for gtd: until when, as 2030-01-31T12:00:00Z', parseInstant)
    .addOption(validUntilOption())
    .option('--post-only', 'refuse it if it would deal at once')
    .option('--client-id, --client-intention-id <id>', 'your own id for it; made up unless given', parseClientId)
    .serverOptions()
    .outputOptions('the answer as a JSON object')
    .examples(
      ['parley post --participant alice --instrument ACME --side buy --price 10.25 --quantity 100', 'a limit order'],
      ['parley post --participant bob --instrument ACME --side sell --type market --quantity 50', 'at any price'],
    )
    .action((options: PostOptions) => post(terminal, options));
}

function post(terminal: Terminal, options: PostOptions): Promise<void> {
  const { json: _json, output: _output, url: _url, key: _key, clientIntentionId = randomUUID(), ...terms } = options;
  return change(terminal, options, (client, call) => client.postIntention({ clientIntentionId, ...terms }, call), {
    fields,
    unknown: `whether it was posted is unknown; --client-id ${clientIntentionId} makes it safe to post it again`,
  });
}

const fields = [
  ...fieldsOf<Omit<IntentionAcknowledged, 'deals'>>({
    ...{ id: true, clientIntentionId: true, participant: true, instrument: true, side: true, type: true, price: true },
    ...{ quantity: true, timeInForce: true, expiresAt: true, postOnly: true, position: true, status: true },
    ...{ filled: true, open: true, averagePrice: true, closedReason: true, dealsLeftOut: true },
  }),
  ...['deals.id', 'deals.price', 'deals.quantity', 'deals.position'],
];
