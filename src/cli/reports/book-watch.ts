import { setTimeout as sleep } from 'node:timers/promises';
import type { Format } from '../terminal/rows.js';
import { RowWriter } from '../terminal/rows.js';
import type { Terminal } from '../terminal/terminal.js';
import { bookFields, bookLines, type FoundBook, type ShownBook } from './book-lines.js';
import type { BookSink } from './log/book-of-log.js';

/** A book on a terminal is drawn no more often than this. */
const DRAWN_EACH_MS = 200;

/**
 * Prints a book each time it has changed. On a terminal it stands in one place, drawn a few times a second at most; anywhere else a changed
 * book follows the one before it.
 */
export class BookWatch implements BookSink {
  private readonly records: RowWriter<ShownBook>;
  private readonly isDrawn: boolean;
  /** The book that was shown last, but for its position. */
  private shown = '';
  private newest: () => FoundBook = () => {
    throw new Error('no book has come yet');
  };
  private isDue = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly as: Format,
  ) {
    this.records = new RowWriter(terminal.out, as, { columns: [], fields: bookFields });
    this.isDrawn = as === 'table' && terminal.out.canRedraw;
  }

  async show(book: () => FoundBook): Promise<void> {
    if (!this.isDrawn) return this.append(book());
    this.newest = book;
    if (this.isDue) return;
    if (this.shown === '') return this.draw();
    this.isDue = true;
    void sleep(DRAWN_EACH_MS).then(() => this.draw());
  }

  /** Says what keeps the book from being seen, beside the last one that was. */
  async trouble(says: string): Promise<void> {
    if (!this.isDrawn || this.shown === '') return this.terminal.warn(says);
    this.shown = says;
    await this.terminal.out.redraw([`as it was: ${says}`, ...bookLines(this.newest(), this.terminal.out)]);
  }

  private async draw(): Promise<void> {
    this.isDue = false;
    const book = this.newest();
    if (this.hasChanged(book)) await this.terminal.out.redraw(bookLines(book, this.terminal.out));
  }

  private async append(found: FoundBook): Promise<void> {
    const { out } = this.terminal;
    const isFirst = this.shown === '';
    if (!this.hasChanged(found)) return;
    if (this.as !== 'table') await this.records.write([found.book]);
    else for (const line of [...(isFirst ? [] : ['']), ...bookLines(found, out)]) await out.line(line);
    await out.flush();
  }

  private hasChanged({ book: { position: _position, ...book } }: FoundBook): boolean {
    const text = JSON.stringify(book);
    const hasChanged = text !== this.shown;
    this.shown = text;
    return hasChanged;
  }
}
