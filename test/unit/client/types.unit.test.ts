import { describe, expectTypeOf, it } from 'vitest';
import type { PositionView } from '../../../projections/ledger/postings.js';
import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import type { BatchesAround } from '../../../projections/moments/neighbours.js';
import type { DoubtView } from '../../../projections/ledger/doubt-view.js';
import type { DealsAround, TimelineView } from '../../../projections/store/queries/timeline.js';
import type { ExplanationJson } from '../../../projections/why/explanation-json.js';
import type { Reason } from '../../../projections/why/reasons.js';
import type { Actor, Role } from '../../../src/api/access.js';
import type * as client from '../../../src/client/index.js';
import type * as cluster from '../../../src/cluster/view.js';
import type { ProblemCode } from '../../../src/api/problem.js';
import type * as exchange from '../../../src/exchange/commands.js';
import type { ShownBook } from '../../../src/server/reads/market-reading.js';
import type { AbortedDealView, IntentionView } from '../../../projections/store/queries/views.js';
import type { DealView } from '../../../projections/tape/views.js';

/** Without `readonly` and aliases: only what is there. */
type Shape<Value> = Value extends object ? { -readonly [Key in keyof Value]: Shape<Value[Key]> } : Value;

/** Beside what is told of one shard. */
interface Standing {
  readonly position: number;
  readonly shard?: number;
}

type Around = Omit<BatchesAround, 'atMs'>;

/** What `GET /v1/caller` says. */
interface CallerView extends Partial<Pick<Extract<Actor, { role: 'participant' }>, 'participant'>> {
  readonly role: Role;
  readonly keys: boolean;
}

describe('the client’s types', () => {
  it('The client’s types are those of the exchange and the projections', () => {
    expectTypeOf<Shape<client.IntentionAcknowledged>>().toEqualTypeOf<Shape<exchange.IntentionAcknowledged>>();
    expectTypeOf<Shape<client.IntentionChanged>>().toEqualTypeOf<Shape<exchange.IntentionChanged>>();
    expectTypeOf<Shape<client.Instrument>>().toEqualTypeOf<Shape<exchange.InstrumentView>>();
    expectTypeOf<Shape<client.AuctionResult>>().toEqualTypeOf<Shape<exchange.AuctionResult>>();
    expectTypeOf<Shape<client.Book>>().toEqualTypeOf<Shape<ShownBook>>();
    expectTypeOf<Shape<client.Intention>>().toEqualTypeOf<Shape<IntentionView>>();
    expectTypeOf<Shape<client.Deal>>().toEqualTypeOf<Shape<DealView>>();
    expectTypeOf<Shape<client.AbortedDeal>>().toEqualTypeOf<Shape<AbortedDealView>>();
    expectTypeOf<Shape<client.Position>>().toEqualTypeOf<Shape<PositionView>>();
    expectTypeOf<Shape<client.Cluster>>().toEqualTypeOf<Shape<cluster.ClusterView>>();
    expectTypeOf<Shape<client.Caller>>().toEqualTypeOf<Shape<CallerView>>();
    expectTypeOf<Shape<client.Chart>>().toEqualTypeOf<Shape<ChartJson & Standing>>();
    expectTypeOf<Shape<client.Doubt>>().toEqualTypeOf<Shape<DoubtView & { shard?: number }>>();
    expectTypeOf<Shape<client.Timeline>>().toEqualTypeOf<Shape<TimelineView & Standing>>();
    expectTypeOf<Shape<client.LogMoment>>().toEqualTypeOf<Shape<Around & DealsAround & Standing & { at?: string }>>();
    expectTypeOf<client.ProblemCode>().toEqualTypeOf<ProblemCode>();
    type Posted = Omit<exchange.PostIntention, 'participant'> & { readonly participant?: string | undefined };
    expectTypeOf<Shape<client.PostIntention>>().toEqualTypeOf<Shape<Posted>>();
    expectTypeOf<keyof client.Why>().toEqualTypeOf<keyof ExplanationJson | keyof Standing>();
    expectTypeOf<client.Why>().toExtend<ExplanationJson>();
    expectTypeOf<client.ReasonKind>().toEqualTypeOf<Exclude<Reason['kind'], 'refused'>>();
    expectTypeOf<Shape<client.InstrumentTerms>>().toEqualTypeOf<Shape<Omit<exchange.ListInstrument, 'symbol'>>>();
  });
});
