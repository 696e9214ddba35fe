import { Drawing, type Theme, type Tone } from './drawing.js';

type Room = readonly [folder: string, says: string, tone: Tone];

/** From what people touch down to what an exchange is: imports lead downwards, never up, never in a circle. */
const LAYERS: readonly (readonly Room[])[] = [
  [
    ['src/cli', 'the command line, one file a verb', 'plain'],
    ['src/app', 'puts together what runs', 'plain'],
    ['src/flow', 'recorded order flow', 'plain'],
  ],
  [
    ['src/server, src/api', 'HTTP, feeds, shares, keys', 'plain'],
    ['src/intake', 'commands from a topic', 'plain'],
    ['src/client', 'the SDK: imports nothing', 'yellow'],
  ],
  [['src/cluster', 'who owns which shard, and commands on their way to the owner', 'plain']],
  [
    ['src/exchange', 'the shard: turns, commit, recovery', 'green'],
    ['projections', 'book, ledger, tape, audit, why', 'green'],
    ['infra', 'files, Kafka, EventStoreDB', 'green'],
  ],
  [['src/log', 'the port: what is asked of a durable log', 'blue']],
  [['src/events', 'one table of events; types, codecs and readers are made from it', 'blue']],
  [
    [
      'src/domain',
      'intentions, negotiators, the handshake, the board, auctions; deterministic, imports nothing',
      'blue',
    ],
  ],
];

const WIDTH = 880;
const LEFT = 64;
const RIGHT = 24;
const HEIGHT = 54;
const GAP = 10;
const TOP = 24;

/** Where the code lives, layer on layer. */
export function codePicture(theme: Theme): string {
  const bottom = TOP + LAYERS.length * (HEIGHT + GAP) - GAP;
  const height = bottom + 44;
  const drawing = new Drawing(theme, WIDTH, height, 'Where the code lives: each layer imports only what lies below it');
  drawing.arrow([34, TOP + 4], [34, bottom - 4]);
  LAYERS.forEach((rooms, layer) => {
    const y = TOP + layer * (HEIGHT + GAP);
    const width = (WIDTH - LEFT - RIGHT - (rooms.length - 1) * GAP) / rooms.length;
    rooms.forEach(([folder, says, tone], index) => {
      const x = LEFT + index * (width + GAP);
      drawing.box({ x, y, width, height: HEIGHT }, tone);
      drawing.text(x + 14, y + 23, folder, { size: 14, bold: true });
      drawing.text(x + 14, y + 42, says, { faint: true });
    });
  });
  drawing.text(LEFT, bottom + 26, 'Imports lead down: never up, and never in a circle.', { faint: true });
  return drawing.toString();
}
