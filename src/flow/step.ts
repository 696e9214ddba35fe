import type { DealMade } from './play/outcome.js';
import type {
  FlowCommand,
  FlowExpectation,
  FlowPhase,
  FlowTerms,
  ScenarioLine,
  UncrossLine,
} from './script/flow-line.js';

/** Start again with an empty exchange, in this phase. The first step of every flow is one, also where no line says so. */
export interface ScenarioStart {
  readonly kind: 'scenario';
  /** Undefined for the one that no line announces. */
  readonly name: string | undefined;
  readonly initialPhase: FlowPhase;
  /** Where a line directly after it states them. */
  readonly terms?: FlowTerms | undefined;
}

/** Run the call auction; `price` (0: nothing can be dealt) and `volume` are expected. */
export interface AuctionRun {
  readonly kind: 'uncross';
  readonly price: number;
  readonly volume: number;
  /** Ids posted at market in this call phase: what they fill need not be named by a `fill` line. */
  readonly marketIntentions: ReadonlySet<string>;
}

/** What a line commands, with what the lines around it say of scenarios and auctions. */
export type StepCommand = Exclude<FlowCommand, ScenarioLine | UncrossLine> | ScenarioStart | AuctionRun;

export interface NumberedExpectation {
  readonly lineNumber: number;
  readonly expected: FlowExpectation;
}

/** A command, and all that the flow expects of it. */
export interface FlowStep {
  /** 1-based line of the command; 1 for a scenario that no line announces. */
  readonly lineNumber: number;
  readonly command: StepCommand;
  /** In the file's order. All of them speak of the moment after the command. */
  readonly expectations: readonly NumberedExpectation[];
  /** True where the flow lists every deal: a command without a `deal` line must then make no deal. */
  readonly dealsStated: boolean;
  /** True where the command may name an intention from before the flow began: the answer that it is unknown is then no mismatch. */
  readonly mayBeUnknown: boolean;
  /** The one deal that a record says the command made. */
  readonly execution?: DealMade | undefined;
  /** True for what the flow does not say and nothing is expected of: it brings the book to what a record says. */
  readonly isRepair?: boolean;
}

/** Whether a step asks something of the exchange that it may take or refuse. */
export function isCommand({ command, isRepair = false }: FlowStep): boolean {
  if (isRepair || command.kind === 'at') return false;
  return command.kind !== 'scenario' || command.terms !== undefined;
}

/** Some steps, in order, and how far into the file they reach. May be empty: progress alone. */
export interface FlowBatch {
  readonly file: string;
  readonly steps: readonly FlowStep[];
  readonly bytesRead: number;
  readonly totalBytes: number | undefined;
}
