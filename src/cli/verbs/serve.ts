import { type Command, InvalidArgumentError } from 'commander';
import { settingsOf } from '../options/logs/read-settings.js';
import { shardsOf } from '../../app/logs/shard-folders.js';
import { inTarget } from '../../app/logs/targets.js';
import {
  dataOption,
  parseCount,
  parseCountOrNone,
  parseFile,
  parsePort,
  parseSeconds,
  settingOption,
  textThat,
} from '../options/options.js';
import type { AcceptedLosses, CommonServingOptions } from '../../app/serving/common-serving.js';
import { acceptLoss } from '../options/serve/accepted-losses.js';
import { type GivenLimits, serverLimits } from '../../app/serving/server-limits.js';
import { type LogFormat, logFormats } from '../../app/serving/logging.js';
import { allowOrigin } from '../options/serve/allowed-origins.js';
import { addLimitOptions } from '../options/serve/limit-options.js';
import { usage } from '../../app/exit.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

interface ServeOptions extends GivenLimits {
  readonly port: number;
  readonly host?: string;
  readonly keys?: string;
  readonly allowOrigin?: ReadonlySet<string>;
  readonly signatureWindow: number;
  readonly demo?: true;
  readonly page: boolean;
  readonly takeOver?: true;
  readonly acceptLoss?: AcceptedLosses;
  readonly exitOnStop?: true;
  readonly logLevel: string;
  readonly logFormat?: LogFormat;
  readonly snapshotEvery?: number;
  readonly maxClockAhead: number;
  readonly advertise?: string;
  readonly clusterKey?: string;
  readonly anchor?: string;
  readonly anchorEvery: number;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
/** An empty host would be all of them. */
const parseHost = textThat((text) => text !== '', 'it must be a name or an address');
const MAX_CLOCK_AHEAD_SECONDS = 3_600;

export function serveVerb(terminal: Terminal): Command {
  const verb = new Verb('serve')
    .description(
      'Runs the exchange on its log, with its HTTP interface. What a crash left in doubt is settled before it takes commands. SIGTERM ' +
        'and SIGINT end it after the requests under way; the keys are read again when their file changes, and at SIGHUP. It logs to stderr. On Kafka, processes ' +
        'that are given the same topic share its shards: any of them takes any command, and what one leaves behind another takes over.',
    )
    .setting('--port <port>', 'port to listen on; 0 takes a free one', parsePort, 7070)
    .setting('--host <host>', 'address to listen on; others than this machine’s own need --keys', parseHost)
    .logOptions({
      makes: true,
      data: dataOption('the folder of the log, or of what is made from it; created where it is missing'),
    })
    .setting(
      '--keys <file>',
      'API keys, a file that parley keys makes; without them everybody who reaches the port may do anything',
      parseFile,
    )
    .addOption(
      settingOption(
        '--allow-origin <origin>',
        'a page of this origin may ask (CORS), such as https://desk.example; may be given several times, or several with commas',
        allowOrigin,
      ),
    )
    .setting(
      '--signature-window <seconds>',
      'how far the time of a signed request may be from this machine’s clock',
      parseCount,
      30,
    )
    .option('--demo', 'let made-up traders trade a few instruments')
    .setting('--no-page', 'serve no page for browsers: the API alone')
    .option('--take-over', 'take the log from a process that hangs, by fencing it')
    .option(
      '--accept-loss <position>',
      'go on although something knows of events that the log, which ends at this position, does not hold; logged as an event. ' +
        'The refusal to start says when it is needed. SHARD/POSITION where there are several; may be given several times',
      acceptLoss,
    )
    .setting(
      '--exit-on-stop',
      'end the process when a shard has stopped for a reason that will not pass, instead of staying there and saying so',
    )
    .setting(
      '--snapshot-every <events>',
      'make a snapshot each time the log has grown so much; 0: none (default: once a replay would take about 2 s)',
      parseCountOrNone,
    )
    .setting(
      '--max-clock-ahead <seconds>',
      'how far the log’s time may be ahead of this machine’s clock; further, and the start is refused',
      parseSeconds,
      MAX_CLOCK_AHEAD_SECONDS,
    )
    .setting(
      '--anchor <file|url>',
      'write anchors there (position and digest of each shard), to hold the log against: parley audit --expect',
      parseAnchorPlace,
    )
    .setting('--anchor-every <seconds>', 'how often, where there is something new', parseCount, 60)
    .addOption(settingOption('--log-level <level>', 'what to log').choices(logLevels).default('info'))
    .addOption(
      settingOption(
        '--log-format <format>',
        'lines for people, or one JSON object a line; pretty where stderr is a terminal, and json elsewhere, unless given',
      ).choices(logFormats),
    )
    .setting('--advertise <url>', 'Kafka: where the other processes reach this one; where it listens unless given')
    .setting(
      '--cluster-key <secret>',
      'Kafka: what the processes know each other by, and never send; better in the environment',
    )
    .examples(
      ['parley serve', 'on port 7070, the log in ./parley-data'],
      ['parley serve --demo --data /tmp/demo', 'with something to look at'],
      ['parley serve --host 0.0.0.0 --keys keys.json', 'for others too'],
      ['parley serve --shards 2 --data ./both', 'two shards, each written by a thread of its own'],
      ['parley serve --log kafka --brokers 127.0.0.1:9092 --shards 4', 'one of a cluster'],
    );
  return addLimitOptions(verb).action(async (options: ServeOptions, command: Command) => {
    const settings = settingsOf(command, terminal.env, { keepsData: true });
    const { snapshotEvery, advertise, clusterKey } = options;
    const serving = servingOf(options);
    // The server's packages take a while to load; no other verb needs them.
    if (settings.kind === 'kafka') {
      mustConcernCluster(command, options);
      const { serveOnKafka } = await import('../../app/serving/kafka-serving.js');
      await serveOnKafka(terminal, settings, { ...serving, snapshotEvery, advertise, clusterKey });
      return;
    }
    const alone = { ...serving, snapshotEvery, takeOver: options.takeOver === true };
    const shards = settings.kind === 'embedded' ? await shardsOf(settings.data, settings.shards) : 1;
    if (settings.kind === 'embedded' && shards > 1) {
      mustServeAll(command, 'a folder of several shards is served as a whole');
      const { serveFolder } = await import('../../app/serving/folder-serving.js');
      await serveFolder(terminal, settings, shards, alone);
      return;
    }
    const { serveAlone } = await import('../../app/serving/solo-serving.js');
    await inTarget(settings, (target) => serveAlone(terminal, target, alone));
  });
}

/** The settings of `serve` that do not depend on what keeps the log. */
function servingOf(options: ServeOptions): CommonServingOptions {
  const { port, host, keys, logLevel, logFormat, maxClockAhead, anchor, anchorEvery } = options;
  return {
    ...{
      port,
      host,
      keyFile: keys,
      allowedOrigins: options.allowOrigin,
      logLevel,
      logFormat,
      maxClockAheadMs: maxClockAhead * 1_000,
    },
    signatureWindowMs: 1_000 * options.signatureWindow,
    demo: options.demo === true,
    page: options.page,
    exitOnStop: options.exitOnStop === true,
    losses: options.acceptLoss ?? new Map<number, number>(),
    anchor: anchor === undefined ? undefined : { place: anchor, everyMs: 1_000 * anchorEvery },
    ...serverLimits(options),
  };
}

function parseAnchorPlace(text: string): string {
  if (text === '') throw new InvalidArgumentError('it must name a file, or be a URL');
  if (/^https?:/i.test(text) && !(URL.canParse(text) && new URL(text).host !== '')) {
    throw new InvalidArgumentError('it must be a URL such as https://keeper.example/anchors');
  }
  return text;
}

/** Fails (usage) for what only a process with one shard can be told. */
function mustConcernCluster(command: Command, { takeOver }: ServeOptions): void {
  mustServeAll(command, 'on Kafka the processes share the shards among themselves');
  if (takeOver === true) {
    throw usage('on Kafka a shard is taken over by itself: --take-over is for a log in a folder');
  }
}

function mustServeAll(command: Command, why: string): void {
  if (command.getOptionValueSource('shard') === 'cli') throw usage(`${why}: --shard is for other verbs`);
}
