/** The body of what members send each other: each command is checked like its public sister. */
import type { ClusterRequest, ClusterVerb } from '../../../cluster/forwarding/requests.js';
import { operator } from '../../../api/access.js';
import { compileCheck } from '../../check-fields.js';
import type { RecordSchema } from '../../../api/schemas/record-schema.js';
import {
  clientCommandId,
  clientIntentionId,
  count,
  id,
  newPrice,
  newQuantity,
  participant,
  phase,
  record,
  side,
  symbol,
  validUntil,
} from '../../../api/schemas/fields.js';
import { readPost } from '../../../api/post-body.js';
import { type Problem, problem } from '../../../api/problem.js';
import { limitsSchema, withinMs } from '../../../api/schemas/risk-schemas.js';
import { listInstrumentSchema } from '../../../api/schemas/schemas.js';

const byInstrument = { instrument: symbol };
/** One more than a page, to see whether there is another. */
const pageRows = { type: 'integer', minimum: 1, maximum: 1_001 } as const;
/** Of withdrawing many. Only members say it: what is asked for from outside is requested. */
const reason = { type: 'string', enum: ['requested', 'disconnected'] } as const;
const shard = { type: 'integer', minimum: 0 } as const;
const depth = { type: 'integer', minimum: 1, maximum: 1_000 } as const;

/** Which intention, and until when. */
const about = { id, clientIntentionId, instrument: symbol, participant, validUntil };
const change = { ...about, clientCommandId };

const schemas: Readonly<Record<Exclude<ClusterVerb, 'post'>, RecordSchema>> = {
  withdraw: record(about, []),
  reduce: record({ ...change, by: newQuantity }, ['by']),
  replace: record({ ...change, price: newPrice, quantity: newQuantity }, []),
  withdrawAll: record({ shard: count, participant, instrument: symbol, side, validUntil, reason }, ['shard']),
  list: record({ ...listInstrumentSchema.properties, symbol }, [...listInstrumentSchema.required, 'symbol']),
  changePhase: record({ ...byInstrument, phase }, ['instrument', 'phase']),
  uncross: record(byInstrument, ['instrument']),
  setSwitch: record({ participant, withinMs, shard }, ['participant', 'withinMs', 'shard']),
  setLimits: record({ ...limitsSchema.properties, participant, instrument: symbol, shard }, ['participant', 'shard']),
  book: record({ ...byInstrument, depth }, ['instrument', 'depth']),
  instrument: record(byInstrument, ['instrument']),
  instruments: record({ shard: { type: 'integer' }, after: symbol, limit: pageRows }, ['shard']),
};

const checks = new Map(Object.entries(schemas).map(([verb, schema]) => [verb, compileCheck(schema, 'body')]));

/** One `{verb, command}`, or what is wrong with it. Another member acts for whom it names, as an operator does. */
export function readClusterRequest(value: unknown): ClusterRequest | Problem {
  if (typeof value !== 'object' || value === null || !('verb' in value) || !('command' in value)) {
    return problem('INVALID_COMMAND', 'a request has a verb and a command');
  }
  const { verb, command } = value;
  if (verb === 'post') {
    const post = readPost(command, operator);
    return 'code' in post ? post : { verb, command: post };
  }
  const check = typeof verb === 'string' ? checks.get(verb) : undefined;
  if (check === undefined) return problem('INVALID_COMMAND', 'there is no such verb');
  const checked = check(command);
  if ('error' in checked) return checked.error.problem;
  return { verb, command: checked.value } as ClusterRequest; // just checked by the schema of its verb
}
