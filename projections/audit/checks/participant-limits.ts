import type * as Recorded from '../../../src/domain/journal.generated.js';
import { isKeptLimit } from '../../../src/domain/risk/limit-check.js';
import { PostRefusal, postRefusalNames, Side } from '../../../src/domain/terms.js';
import type { AuditedInstrument, AuditedIntention } from '../state/records.js';
import type { AuditState } from '../state/state.js';

/** A limit as it was set; `since` counts settings, for a rate begins to count where it is set. */
interface SetLimit extends Pick<
  Recorded.LimitsSet,
  'instrumentId' | 'openQuantity' | 'netPosition' | 'intentionsPerSecond' | 'halted'
> {
  readonly since: number;
}

/** A participant for whom limits have once been set. */
interface Limited {
  /** As they were set last, by instrument; 0: for each instrument. */
  readonly limits: Map<number, SetLimit>;
  /** Its intentions that may still deal; those that are done are taken out when it is looked at. */
  readonly intentions: Set<AuditedIntention>;
  /** When it posted in which instrument, as far as that is no more than a second ago; forgotten where limits are set. */
  posts: { readonly second: number; readonly instrumentId: number; readonly since: number }[];
}

const DECIMALS = 12;
const ONE = 10n ** BigInt(DECIMALS);

/**
 * Checks that nothing is taken beyond a participant's limits (I12), and that what is refused by one could be. It adds up what the
 * participant holds by its fills, and what it has open by its intentions, one by one.
 */
export class ParticipantLimits {
  private readonly limited = new Map<number, Limited>();
  private readonly held = new Map<string, bigint>();
  /** How often limits have been set. */
  private settings = 0;

  constructor(private readonly state: AuditState) {}

  set(event: Recorded.LimitsSet): void {
    const { participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted } = event;
    if (!this.state.participants.has(participantId)) {
      this.state.report(
        'UNKNOWN_PARTICIPANT',
        `limits are set for participant ${participantId}, who was never admitted`,
      );
    }
    if (instrumentId !== 0 && !this.state.instruments.has(instrumentId)) {
      this.state.report('UNKNOWN_INSTRUMENT', `limits are set in instrument ${instrumentId}, which was never listed`);
    }
    if (!isKeptLimit(openQuantity) || !isKeptLimit(netPosition)) {
      this.state.report('LIMITS_INVALID', `limits of participant ${participantId} are no plain decimal quantities`);
      return;
    }
    const limited = this.limited.get(participantId) ?? this.begin(participantId);
    this.settings++;
    const terms = { instrumentId, openQuantity, netPosition, intentionsPerSecond, halted };
    limited.limits.set(instrumentId, { ...terms, since: this.settings });
  }

  private begin(participantId: number): Limited {
    const intentions = new Set<AuditedIntention>();
    for (const intention of this.state.intentions.all()) {
      if (intention.participantId === participantId) intentions.add(intention);
    }
    const limited = { limits: new Map<number, SetLimit>(), intentions, posts: [] };
    this.limited.set(participantId, limited);
    return limited;
  }

  /** After it was taken up. */
  posted(intention: AuditedIntention, atMs: number): void {
    const limited = this.limited.get(intention.participantId);
    if (limited === undefined) return;
    limited.intentions.add(intention);
    this.mustBeWithin(intention, 'is posted');
    const second = Math.floor(atMs / 1_000);
    const { id: instrumentId } = intention.instrument;
    limited.posts = limited.posts.filter((post) => post.second === second);
    for (const limit of holding(limited, instrumentId)) {
      if (limit.intentionsPerSecond > 0 && countOf(limited, limit, second) >= limit.intentionsPerSecond) {
        this.report(intention, `is posted, one more than ${limit.intentionsPerSecond} in a second`);
      }
    }
    limited.posts.push({ second, instrumentId, since: this.settings });
  }

  /** After it was amended. `openBefore`: what was open until then. */
  amended(intention: AuditedIntention, openBefore: number): void {
    const limited = this.limited.get(intention.participantId);
    if (limited === undefined) return;
    if (openOf(intention) > openBefore) this.mustBeWithin(intention, 'is made larger');
    else if (isHalted(limited, intention.instrument.id))
      this.report(intention, 'is replaced, though its owner is halted');
  }

  private mustBeWithin(intention: AuditedIntention, does: string): void {
    const { participantId, instrument, side } = intention;
    const limited = this.limited.get(participantId);
    if (limited === undefined) return;
    if (isHalted(limited, instrument.id)) this.report(intention, `${does}, though its owner is halted`);
    const [buys, sells] = this.open(limited, instrument);
    const held = this.held.get(`${participantId} ${instrument.id}`) ?? 0n;
    const worst = side === Side.Buy ? held + buys : sells - held;
    for (const { openQuantity, netPosition } of holding(limited, instrument.id)) {
      if (isBeyond(instrument, buys + sells, openQuantity)) {
        this.report(intention, `${does}: ${buys + sells} lots are open, the limit is ${openQuantity}`);
      }
      if (isBeyond(instrument, worst, netPosition)) {
        this.report(intention, `${does}: its owner could come to ${worst} lots, the limit is ${netPosition}`);
      }
    }
  }

  private open(limited: Limited, instrument: AuditedInstrument): [buys: bigint, sells: bigint] {
    const open: [bigint, bigint] = [0n, 0n];
    for (const intention of limited.intentions) {
      const lots = openOf(intention);
      if (lots === 0) limited.intentions.delete(intention);
      else if (intention.instrument === instrument) open[intention.side === Side.Buy ? 0 : 1] += BigInt(lots);
    }
    return open;
  }

  private report({ id }: AuditedIntention, how: string): void {
    this.state.report('I12_BEYOND_LIMIT', `intention ${id} ${how}`);
  }

  /** Before a settlement is taken up: what it fills is held from here on. */
  settled({ intentionId, quantityLots }: Recorded.DealSettled): void {
    const intention = this.state.intentions.get(intentionId);
    if (intention === undefined || quantityLots === 0) return;
    const key = `${intention.participantId} ${intention.instrument.id}`;
    const lots = BigInt(intention.side === Side.Buy ? quantityLots : -quantityLots);
    this.held.set(key, (this.held.get(key) ?? 0n) + lots);
  }

  /** How much was asked for is not recorded; that there is a limit that can have refused it, is. */
  refused({ participantId, instrumentId, code, atMs }: Recorded.PostRefused): void {
    const limited = this.limited.get(participantId);
    const limits = limited === undefined ? [] : holding(limited, instrumentId);
    const second = Math.floor(atMs / 1_000);
    const isFounded = limits.some((limit) => {
      if (code === PostRefusal.Halted) return limit.halted;
      if (code === PostRefusal.OpenQuantity) return limit.openQuantity !== '';
      if (code === PostRefusal.NetPosition) return limit.netPosition !== '';
      const { intentionsPerSecond } = limit;
      return limited !== undefined && intentionsPerSecond > 0 && countOf(limited, limit, second) >= intentionsPerSecond;
    });
    if (isFounded) return;
    const name = postRefusalNames[code] ?? code;
    this.state.report(
      'REFUSAL_UNFOUNDED',
      `a post of participant ${participantId} was refused as ${name}, which no limit says`,
    );
  }
}

/** Those that hold in an instrument. */
function holding({ limits }: Limited, instrumentId: number): SetLimit[] {
  return [limits.get(0), limits.get(instrumentId)].filter((limit) => limit !== undefined);
}

function isHalted(limited: Limited, instrumentId: number): boolean {
  return holding(limited, instrumentId).some(({ halted }) => halted);
}

/** How many were posted in this second that the limit counts. */
function countOf({ posts }: Limited, { instrumentId, since }: SetLimit, second: number): number {
  const counts = (post: Limited['posts'][number]): boolean =>
    post.second === second && post.since >= since && (instrumentId === 0 || post.instrumentId === instrumentId);
  return posts.filter(counts).length;
}

/** What may still deal: also what is held of one that was withdrawn. */
function openOf({ quantityLots, filledLots }: AuditedIntention): number {
  return quantityLots - filledLots;
}

/** Whether so many lots are more than a decimal quantity; nothing is more than none. */
function isBeyond({ terms }: AuditedInstrument, lots: bigint, quantity: string): boolean {
  if (quantity === '') return false;
  const [whole = '', fraction = ''] = quantity.split('.');
  const most = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  return lots * BigInt(terms.lotSize) * ONE > most * 10n ** BigInt(terms.quantityDecimals);
}
