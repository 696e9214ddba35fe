/** What a simulation has found to be wrong. */
export class SimulationFailure extends Error {
  constructor(
    what: string,
    readonly details?: unknown,
  ) {
    super(what);
    this.name = 'SimulationFailure';
  }
}
