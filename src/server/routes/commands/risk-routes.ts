import type { FastifyInstance } from 'fastify';
import type { SetLimits } from '../../../exchange/risk-commands.js';
import { actingFor } from '../../../api/access.js';
import { whoseSwitch } from '../../../api/command-body.js';
import { limitsQuery, participantParams, participantQuery } from '../../../api/schemas/query-schemas.js';
import {
  limitsListSchema,
  limitsSchema,
  limitsSetSchema,
  switchSchema,
  switchSetSchema,
} from '../../../api/schemas/risk-schemas.js';
import { participantAndInstrument } from '../../../../projections/store/places.js';
import type { ServerContext } from '../../context.js';
import { asOf, unavailable } from '../../reads/reading.js';
import { refuse, sendAnswer } from '../answer.js';
import { describe, type Operation, problemsOfShards } from '../operation.js';

interface Setting {
  Body: { withinMs: number; participant?: string };
}
interface OfParticipant {
  Querystring: { participant?: string };
}
interface LimitsPage {
  Querystring: { participant?: string; after?: string; limit: number };
}
interface Limiting {
  Params: { participant: string };
  Body: Omit<SetLimits, 'participant'>;
}

/** Dead man's switches, and what operators allow. */
export function riskRoutes(app: FastifyInstance, context: ServerContext): void {
  const { exchange, reads, stores } = context;
  app.post<Setting>('/v1/switch', describe(context, setOperation), ({ caller, body }, reply) => {
    const participant = whoseSwitch(caller, body.participant);
    if (typeof participant === 'object') return refuse(context, reply, participant);
    return sendAnswer(context, reply, exchange.setSwitch({ participant, withinMs: body.withinMs }));
  });
  app.get<OfParticipant>('/v1/switch', describe(context, getOperation), async ({ caller, query }, reply) => {
    const participant = whoseSwitch(caller, query.participant);
    if (typeof participant === 'object') return refuse(context, reply, participant);
    const about = { shards: stores.shards, share: caller.key };
    const found = await reads.read({ query: 'switches', values: [participant], ...about });
    if (!found.ok) return refuse(context, reply, unavailable(found));
    const [view = { participant, withinMs: 0 }] = found.value;
    return reply.send({ ...view, ...asOf(context, found.heads) });
  });
  app.put<Limiting>('/v1/limits/:participant', describe(context, putOperation), ({ params, body }, reply) =>
    sendAnswer(context, reply, exchange.setLimits({ ...body, participant: params.participant })),
  );
  app.get<LimitsPage>('/v1/limits', describe(context, listOperation), async ({ caller, query }, reply) => {
    const participant = actingFor(caller, query.participant);
    if (typeof participant === 'object') return refuse(context, reply, participant);
    const about = { shards: stores.shards, share: caller.key };
    const after = query.after === undefined ? undefined : participantAndInstrument(query.after);
    const asked = { participant, after, limit: query.limit };
    const found = await reads.read({ query: 'limits', values: [asked], ...about });
    if (!found.ok) return refuse(context, reply, unavailable(found));
    const { rows, hasMore } = found.value;
    const last = hasMore ? rows.at(-1) : undefined;
    const next = last === undefined ? {} : { next: `${last.participant}/${last.instrument ?? ''}` };
    return reply.send({ limits: rows, ...asOf(context, found.heads), ...next });
  });
}

const setOperation: Operation = {
  operationId: 'setSwitch',
  summary: 'Set the dead man’s switch, or take it off',
  description:
    'Unless it is set again within the time, all that the participant has open is withdrawn, in every shard, with the reason ' +
    '`switchLapsed`; the switch is then off. It survives restarts: one that falls due meanwhile lapses when the exchange is back. An ' +
    'answer that is lost does no harm: set it again.',
  tag: 'intentions',
  access: 'trading',
  problems: ['INVALID_PARTICIPANT', ...problemsOfShards],
  schema: { body: switchSchema, response: { 200: switchSetSchema } },
};

const getOperation: Operation = {
  operationId: 'getSwitch',
  isRead: true,
  summary: 'The dead man’s switch',
  description: '`withinMs` is 0 where it is off. A participant sees its own; an operator or auditor names whose.',
  tag: 'intentions',
  access: 'affairs',
  problems: ['INVALID_COMMAND', 'UNAVAILABLE'],
  schema: { querystring: participantQuery, response: { 200: switchSetSchema } },
};

const putOperation: Operation = {
  operationId: 'putLimits',
  summary: 'Set what a participant may have open, hold and post',
  description:
    'In place of what was set there before, for one instrument or for each on its own; both hold. What is open already stays, unless ' +
    '`withdraw` is given: then it is withdrawn with the reason `halted`. Posts and changes that would go beyond are refused from here on.',
  tag: 'operation',
  access: 'operating',
  problems: ['INVALID_PARTICIPANT', 'INVALID_QUANTITY', 'UNKNOWN_INSTRUMENT', ...problemsOfShards],
  schema: { params: participantParams, body: limitsSchema, response: { 200: limitsSetSchema } },
};

const listOperation: Operation = {
  operationId: 'listLimits',
  isRead: true,
  summary: 'The limits that are set, a page at a time',
  description:
    'By participant and then by instrument, those for every instrument before the others. A participant sees its own, an operator or ' +
    'auditor all, or those of the participant that it names.',
  tag: 'operation',
  access: 'affairs',
  problems: ['UNAVAILABLE'],
  schema: { querystring: limitsQuery, response: { 200: limitsListSchema } },
};
