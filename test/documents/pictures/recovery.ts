import { Drawing, type Theme, type Tone } from './drawing.js';

const STEPS = [
  ['Look', 'read the log, and hold', 'it against all that is', 'known of it'],
  ['Fence', 'claim the next epoch:', 'no older writer can', 'append from here on'],
  ['Replay', 'the newest snapshot,', 'and the log behind it,', 'into memory'],
  ['Settle', 'what is in doubt: as', 'its decision says, or', 'the handshake goes on'],
  ['Serve', 'take commands; answers', 'leave when they are', 'durable'],
] as const;

/** A log that ends in the middle of a handshake, and what the next writer appends. */
const EVENTS: readonly (readonly [first: string, second: string, tone: Tone])[] = [
  ['Intention', 'Posted', 'plain'],
  ['Proposal', 'Made', 'plain'],
  ['Batch', 'Sealed', 'plain'],
  ['torn', 'tail', 'red'],
  ['Shard', 'Started', 'blue'],
  ['Proposal', 'Accepted', 'green'],
  ['Deal', 'Confirmed', 'green'],
  ['Deal', 'Settled', 'green'],
  ['Deal', 'Settled', 'green'],
];

const WIDTH = 880;
const MARGIN = 24;
const STEP = (WIDTH - 2 * MARGIN) / STEPS.length;
const CELL = { width: 84, height: 52, gap: 9.5 };
const ROW = 216;

/** The five steps of a start, above the log of one that a crash has made necessary. */
export function recoveryPicture(theme: Theme): string {
  const drawing = new Drawing(theme, WIDTH, 322, 'Recovery in five steps: look, fence, replay, settle, serve');
  STEPS.forEach(([name, ...lines], index) => {
    const x = MARGIN + index * STEP;
    drawing.disc(x + 15, 44, 15, 'blue');
    drawing.text(x + 15, 49, String(index + 1), { size: 14, bold: true, anchor: 'middle' });
    drawing.text(x + 40, 50, name, { size: 16, bold: true });
    if (index < STEPS.length - 1) drawing.arrow([x + 112, 44], [x + STEP - 8, 44]);
    lines.forEach((line, at) => drawing.text(x, 88 + 20 * at, line));
  });
  drawing.text(MARGIN, ROW - 30, 'The log of a server that lost its power in the middle of a handshake', {
    bold: true,
  });
  EVENTS.forEach(([first, second, tone], index) => {
    const x = xOf(index);
    drawing.box({ x, y: ROW - 12, width: CELL.width, height: CELL.height }, tone, tone === 'red');
    drawing.text(x + CELL.width / 2, ROW + 10, first, { size: 12, anchor: 'middle' });
    drawing.text(x + CELL.width / 2, ROW + 27, second, { size: 12, anchor: 'middle' });
  });
  const under = ROW + CELL.height - 4;
  drawing.bracket(xOf(0), under, xOf(2) + CELL.width - xOf(0), 'epoch 1: what was durable');
  drawing.bracket(xOf(3), under, CELL.width, 'cut back');
  drawing.bracket(xOf(4), under, CELL.width, 'epoch 2');
  drawing.bracket(
    xOf(5),
    under,
    xOf(8) + CELL.width - xOf(5),
    'step 4: the handshake goes on, nobody lost their place',
  );
  return drawing.toString();
}

function xOf(index: number): number {
  return MARGIN + index * (CELL.width + CELL.gap);
}
