import { type ParleyClientOptions, transportOf } from './client.js';
import type { Call, Transport } from './transport.js';
import type { Switch } from './own-types.js';
import type { CallOptions, Limits, LimitTerms } from './types.js';

/** Whose. */
export interface OfParticipant extends CallOptions {
  /** The key's own where it is left out; an operator names one. */
  readonly participant?: string | undefined;
}

/** What operators allow, and whether a dead man's switch is set (ParleyClient sets it). Each method may be carried out twice, so each is tried again. Rejects with ParleyError. */
export class ParleyRisk {
  readonly #transport: Transport;

  constructor(options: ParleyClientOptions) {
    this.#transport = transportOf(options);
  }

  /** `withinMs` is 0 where it is off. */
  switch({ participant, signal }: OfParticipant = {}): Promise<Switch> {
    return this.#call({ method: 'GET', path: '/v1/switch', query: { participant }, isRepeatable: true, signal });
  }

  /** An operator sets limits, in place of those before. `withdraw`: what is open there is withdrawn. */
  setLimits(
    participant: string,
    limits: LimitTerms & { readonly withdraw?: boolean | undefined },
    { signal }: CallOptions = {},
  ): Promise<Limits> {
    const path = `/v1/limits/${encodeURIComponent(participant)}`;
    return this.#call({ method: 'PUT', path, body: limits, isRepeatable: true, signal });
  }

  /** Those that are set; an operator or auditor who names nobody gets all. */
  async limits({ participant, signal }: OfParticipant = {}): Promise<readonly Limits[]> {
    const call = { method: 'GET', path: '/v1/limits', query: { participant }, isRepeatable: true, signal } as const;
    return (await this.#call<{ readonly limits: readonly Limits[] }>(call)).limits;
  }

  async #call<Value>(call: Call): Promise<Value> {
    return (await this.#transport.call(call)) as Value; // as the OpenAPI document says
  }
}
