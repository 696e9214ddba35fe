/**
 * What falls due: a heap by time. Entries are never taken out early; whether one still means something is checked when it has fallen due.
 */
export interface Timer {
  readonly dueMs: number;
  readonly kind: 'expiry' | 'initiatorDeadline' | 'responderDeadline' | 'switch' | 'withdrawals';
  readonly intentionId: number;
  readonly dealNumber: number;
  /** For a responder: the initiator of the deal. */
  readonly initiatorId: number;
  /** For a switch: whose. */
  readonly participantId?: number;
}

export class Timers {
  private readonly heap: Timer[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** When the next one falls due, or Infinity. */
  get nextMs(): number {
    return this.heap[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  add(timer: Timer): void {
    const { heap } = this;
    let place = heap.push(timer) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Timer; // parent < place
      if (!isBefore(timer, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = timer;
  }

  /** Takes the next one that is due by `nowMs`. Equal times come in the order of intention and deal, so that it is deterministic. */
  takeDue(nowMs: number): Timer | undefined {
    const first = this.heap[0];
    if (first === undefined || first.dueMs > nowMs) return undefined;
    const last = this.heap.pop() as Timer; // there is a first, so there is a last
    if (this.heap.length > 0) this.sink(last);
    return first;
  }

  entries(): readonly Timer[] {
    return this.heap;
  }

  private sink(timer: Timer): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      let least = heap[child] as Timer; // child < length
      if (right !== undefined && isBefore(right, least)) {
        child++;
        least = right;
      }
      if (!isBefore(least, timer)) break;
      heap[place] = least;
      place = child;
    }
    heap[place] = timer;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  if (one.dueMs !== other.dueMs) return one.dueMs < other.dueMs;
  if (one.intentionId !== other.intentionId) return one.intentionId < other.intentionId;
  if (one.initiatorId !== other.initiatorId) return one.initiatorId < other.initiatorId;
  if (one.dealNumber !== other.dealNumber) return one.dealNumber < other.dealNumber;
  return (one.participantId ?? 0) < (other.participantId ?? 0);
}
