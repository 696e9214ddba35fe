import type { Command } from 'commander';
import type { Terminal } from './terminal/terminal.js';

/** A verb as a list of verbs shows it. The rest of it is loaded when it is asked for: most processes run a single one. */
export interface VerbEntry {
  readonly says: string;
  readonly load: () => Promise<(terminal: Terminal) => Command>;
  /** The verbs below it. */
  readonly below?: VerbList;
}

/** By name and arguments, as the list of verbs shows them. */
export type VerbList = Readonly<Record<string, VerbEntry>>;

const logVerbs: VerbList = {
  cat: {
    says: 'prints events: for people on a terminal, as JSON lines elsewhere',
    load: async () => (await import('./verbs/examine/log/log-cat.js')).logCatVerb,
  },
  tail: {
    says: 'follows the log as it grows',
    load: async () => (await import('./verbs/examine/log/log-tail.js')).logTailVerb,
  },
  'export [file]': {
    says: 'writes the whole log as JSON lines',
    load: async () => (await import('./verbs/examine/log/log-export.js')).logExportVerb,
  },
  'import <file>': {
    says: 'makes a log of exported JSON lines',
    load: async () => (await import('./verbs/examine/log/log-import.js')).logImportVerb,
  },
  stat: {
    says: 'tells what the log is made of',
    load: async () => (await import('./verbs/examine/log/log-stat.js')).logStatVerb,
  },
  'prove <position>': {
    says: 'proves that an event stands in the log',
    load: async () => (await import('./verbs/examine/log/log-prove.js')).logProveVerb,
  },
  'verify <proof>': {
    says: 'checks a proof, without the log',
    load: async () => (await import('./verbs/examine/log/log-verify.js')).logVerifyVerb,
  },
  repair: {
    says: 'ends a damaged log before its damage',
    load: async () => (await import('./verbs/examine/log/log-repair.js')).logRepairVerb,
  },
  links: {
    says: 'lets people browse EventStoreDB by intention and deal',
    load: async () => (await import('./verbs/examine/log/log-links.js')).logLinksVerb,
  },
};

const keyVerbs: VerbList = {
  add: {
    says: 'makes a key and prints it, once, or takes a public key in',
    load: async () => (await import('./verbs/operate/keys/keys-add.js')).keysAddVerb,
  },
  'pair <file>': {
    says: 'makes a key pair for signing requests',
    load: async () => (await import('./verbs/operate/keys/keys-pair.js')).keysPairVerb,
  },
  list: {
    says: 'shows what keys there are, and never a key',
    load: async () => (await import('./verbs/operate/keys/keys-list.js')).keysListVerb,
  },
  'revoke <key>': {
    says: 'takes a key out of the file',
    load: async () => (await import('./verbs/operate/keys/keys-revoke.js')).keysRevokeVerb,
  },
};

/** All verbs, by heading. */
export const verbGroups: Readonly<Record<string, VerbList>> = {
  'Run:': {
    serve: {
      says: 'runs the exchange',
      load: async () => (await import('./verbs/serve.js')).serveVerb,
    },
    'run <file...>': {
      says: 'plays recorded order flow and checks what it expects',
      load: async () => (await import('./verbs/run.js')).runVerb,
    },
  },
  'Trade (talk to a running exchange):': {
    'list [symbol]': {
      says: 'shows the instruments, or lists one',
      load: async () => (await import('./verbs/trade/list.js')).listVerb,
    },
    post: {
      says: 'posts an intention to buy or sell',
      load: async () => (await import('./verbs/trade/post.js')).postVerb,
    },
    'withdraw [id]': {
      says: 'withdraws what is left of an intention, or of all',
      load: async () => (await import('./verbs/trade/withdraw.js')).withdrawVerb,
    },
    'reduce <id>': {
      says: 'makes an intention smaller; it keeps its place',
      load: async () => (await import('./verbs/trade/reduce.js')).reduceVerb,
    },
    'replace <id>': {
      says: 'gives an intention a new limit, quantity or both',
      load: async () => (await import('./verbs/trade/replace.js')).replaceVerb,
    },
  },
  'Look (at a running exchange, or with --data or --at at the log alone):': {
    'instruments [symbol]': {
      says: 'shows what is traded, with terms and phase',
      load: async () => (await import('./verbs/look/instruments.js')).instrumentsVerb,
    },
    'book <symbol>': {
      says: 'shows an instrument’s book',
      load: async () => (await import('./verbs/look/book.js')).bookVerb,
    },
    deals: {
      says: 'shows deals, in the order in which they were decided',
      load: async () => (await import('./verbs/look/deals.js')).dealsVerb,
    },
    'ticker [symbol]': {
      says: 'shows last prices, and what the last 24 hours did',
      load: async () => (await import('./verbs/look/ticker.js')).tickerVerb,
    },
    'trades <symbol>': {
      says: 'shows an instrument’s deals without names',
      load: async () => (await import('./verbs/look/trades.js')).tradesVerb,
    },
    'candles <symbol>': {
      says: 'shows what an instrument’s deals did in each interval',
      load: async () => (await import('./verbs/look/candles.js')).candlesVerb,
    },
    'account [participant]': {
      says: 'shows what a participant has, all at one position',
      load: async () => (await import('./verbs/look/account.js')).accountVerb,
    },
    positions: {
      says: 'shows what participants have bought and sold',
      load: async () => (await import('./verbs/look/positions.js')).positionsVerb,
    },
    'intention <id>': {
      says: 'shows an intention',
      load: async () => (await import('./verbs/look/intention.js')).intentionVerb,
    },
    intentions: {
      says: 'shows intentions, the open ones unless told otherwise',
      load: async () => (await import('./verbs/look/intentions.js')).intentionsVerb,
    },
  },
  'Operate:': {
    health: {
      says: 'tells whether a running exchange is live and ready',
      load: async () => (await import('./verbs/operate/health.js')).healthVerb,
    },
    'phase <symbol> <phase>': {
      says: 'puts an instrument into another phase',
      load: async () => (await import('./verbs/operate/phase.js')).phaseVerb,
    },
    'uncross <symbol>': {
      says: 'runs the auction of an instrument in its call phase',
      load: async () => (await import('./verbs/operate/uncross.js')).uncrossVerb,
    },
    'limits [participant]': {
      says: 'shows what participants may do, or sets it',
      load: async () => (await import('./verbs/operate/limits.js')).limitsVerb,
    },
    switch: {
      says: 'shows or sets a dead man’s switch',
      load: async () => (await import('./verbs/operate/switch.js')).switchVerb,
    },
    cluster: {
      says: 'shows the processes that share the shards',
      load: async () => (await import('./verbs/operate/cluster.js')).clusterVerb,
    },
    keys: {
      says: 'makes and edits the file of API keys: add, pair, list, revoke',
      load: async () => (await import('./verbs/operate/keys.js')).keysVerb,
      below: keyVerbs,
    },
  },
  'Examine (the log alone):': {
    log: {
      says: 'works on the log itself: cat, tail, export, import, stat, prove, verify, repair, links',
      load: async () => (await import('./verbs/examine/log.js')).logVerb,
      below: logVerbs,
    },
    replay: {
      says: 'rebuilds everything from the log',
      load: async () => (await import('./verbs/examine/replay.js')).replayVerb,
    },
    audit: {
      says: 'checks the whole log',
      load: async () => (await import('./verbs/examine/audit.js')).auditVerb,
    },
    'chart <deal|intention>': {
      says: 'draws the handshakes of a deal or an intention',
      load: async () => (await import('./verbs/examine/chart.js')).chartVerb,
    },
    'why <intention>': {
      says: 'tells why an intention was, or was not, filled',
      load: async () => (await import('./verbs/examine/why.js')).whyVerb,
    },
  },
  'Help:': {
    'completion <shell>': {
      says: 'prints a completion script for a shell',
      load: async () => (await import('./verbs/completion.js')).completionVerb,
    },
  },
};
