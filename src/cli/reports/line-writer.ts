import type { LineKind, LogLine } from '../../../projections/log-lines/line-fold.js';
import { timeText } from '../../../projections/directory/views.js';
import type { Names } from '../../../projections/handshake/names.js';
import type { Output } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';

const POSITION_WIDTH = 6;
const TYPE_WIDTH = 'ParticipantAdmitted'.length;
/** A narrower terminal has no room for the type, which the words say too. */
const LEAST_COLUMNS_WITH_TYPE = 100;

/** Writes events for people: a line each, cut to the terminal’s width, coloured by what they say, and a line for each day that begins. */
export class LineWriter {
  private day = '';

  constructor(
    private readonly out: Output,
    private readonly names: Pick<Names, 'position'>,
  ) {}

  async write({ position, atMs, type, kind, text }: LogLine): Promise<void> {
    const { out, names } = this;
    const [day = '', time = ''] = timeText(atMs).replace('Z', '').split('T');
    if (day !== this.day) await out.line(out.colors.dim(`${day}, UTC`));
    this.day = day;
    const place = `${names.position(position).padStart(POSITION_WIDTH)}  ${time}  `;
    const { columns = Number.POSITIVE_INFINITY } = out;
    const name = columns < LEAST_COLUMNS_WITH_TYPE ? '' : `${type.padEnd(TYPE_WIDTH)}  `;
    const said = cut(printable(`${name}${text}`), Math.max(0, columns - place.length));
    await out.line(`${out.colors.dim(place)}${this.coloured(kind, said)}`);
  }

  private coloured(kind: LineKind, text: string): string {
    const { colors } = this.out;
    switch (kind) {
      case 'shard':
        return colors.magenta(text);
      case 'seal':
        return colors.dim(text);
      case 'wish':
        return colors.cyan(text);
      case 'handshake':
        return colors.blue(text);
      case 'deal':
        return colors.green(text);
      case 'abort':
        return colors.red(text);
      case 'change':
        return colors.yellow(text);
    }
  }
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
