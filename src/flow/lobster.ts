import { FlowError } from './flow-error.js';
import type { LineChunk } from './lines.js';
import { parseLobsterRow, type LobsterRow } from './lobster-row.js';
import type { FlowBatch, FlowStep, StepCommand } from './step.js';

/**
 * Why a row is skipped. `hidden`: an execution of a hidden order (type 5), which no message posts. `cross`: a cross (type 6), which names no
 * orders. `halt`: a trading halt or resumption (type 7). `notPosted`: an execution (type 4) of an order from before the file begins.
 */
export type SkipReason = 'hidden' | 'cross' | 'halt' | 'notPosted';

/** How many rows were skipped, by reason. */
export type SkippedRows = Record<SkipReason, number>;

/** A count of nothing skipped yet, for `readLobster` to add to. */
export function noRowsSkipped(): SkippedRows {
  return { hidden: 0, cross: 0, halt: 0, notPosted: 0 };
}

/** Orders open at the same time that are kept in mind, at most. */
const MAX_OPEN_ORDERS = 4_000_000;

/**
 * Turns the rows of a LOBSTER message file (https://lobsterdata.com/info/DataStructure.php) into steps that expect
 * nothing of deals and books. A new order is a post; a partial cancellation a reduction; a deletion a withdrawal; an
 * execution of a visible order an immediate post of the opposite side, of that size at that price, under the id
 * `x<line>`. What is skipped is added to `skipped`. Throws a FlowError for a malformed row, or a file without any row.
 */
export async function* readLobster(
  chunks: AsyncIterable<LineChunk>,
  skipped: SkippedRows,
): AsyncGenerator<FlowBatch, void> {
  const orders = new OpenOrders();
  let rowCount = 0;
  let file = '';
  for await (const chunk of chunks) {
    const steps: FlowStep[] = [];
    file = chunk.file;
    for (let index = 0; index < chunk.lines.length; index += 1) {
      const lineNumber = chunk.firstLineNumber + index;
      const where = { file, line: lineNumber };
      const row = parseLobsterRow(chunk.lines[index] ?? '', where);
      if (row === undefined) continue;
      if (rowCount === 0) steps.push(step(1, { kind: 'scenario', name: undefined, initialPhase: 'continuous' }));
      rowCount += 1;
      const outcome = orders.apply(row, where);
      if (typeof outcome === 'string') skipped[outcome] += 1;
      else steps.push(outcome);
    }
    yield { file, steps, bytesRead: chunk.bytesRead, totalBytes: chunk.totalBytes };
  }
  if (rowCount === 0) throw new FlowError('FLOW_EMPTY', { file }, 'holds no message');
}

/** What is left of each order that the file posted. It tells orders of the file from those that stood before it. */
class OpenOrders {
  readonly #left = new Map<number, number>();

  apply(row: LobsterRow, where: { readonly file: string; readonly line: number }): FlowStep | SkipReason {
    const { line } = where;
    switch (row.kind) {
      case 'post': {
        if (this.#left.size >= MAX_OPEN_ORDERS) {
          throw new FlowError('FLOW_TOO_MUCH_STATE', where, `more than ${MAX_OPEN_ORDERS} orders are open at once`);
        }
        this.#left.set(row.orderId, row.size);
        const { side, price, size: quantity } = row;
        return step(line, { kind: 'post', id: String(row.orderId), side, price, quantity, ioc: false });
      }
      case 'reduce': {
        const known = this.#take(row.orderId, row.size);
        return step(line, { kind: 'reduce', id: String(row.orderId), quantity: row.size }, !known);
      }
      case 'withdraw': {
        const known = this.#left.delete(row.orderId);
        return step(line, { kind: 'withdraw', id: String(row.orderId) }, !known);
      }
      case 'execute': {
        if (!this.#take(row.orderId, row.size)) return 'notPosted';
        const side = row.side === 'buy' ? 'sell' : 'buy';
        return step(line, { kind: 'post', id: `x${line}`, side, price: row.price, quantity: row.size, ioc: true });
      }
      default:
        return row.kind;
    }
  }

  /** False for an order that the file did not post, or that has nothing left. */
  #take(orderId: number, size: number): boolean {
    const left = this.#left.get(orderId);
    if (left === undefined) return false;
    if (left > size) this.#left.set(orderId, left - size);
    else this.#left.delete(orderId);
    return true;
  }
}

function step(lineNumber: number, command: StepCommand, mayBeUnknown = false): FlowStep {
  return { lineNumber, command, expectations: [], dealsStated: false, mayBeUnknown };
}
