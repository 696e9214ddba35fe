/** The stand-in server's part for projections: it keeps their sources, runs none, and knows whether they are enabled. */
import { Metadata, type sendUnaryData, type ServerUnaryCall, status } from '@grpc/grpc-js';
import projectionMessages from '@eventstore/db-client/generated/projections_pb.js';
import type { CreateReq, EnableReq, UpdateReq } from '@eventstore/db-client/generated/projections_pb.js';
import projectionServices from '@eventstore/db-client/generated/projections_grpc_pb.js';

export interface KeptProjection {
  readonly source: string;
  readonly emits: boolean;
  readonly isEnabled: boolean;
}

export type ProjectionSources = Map<string, KeptProjection>;

export function projectionService(kept: ProjectionSources) {
  const handlers = {
    create: ({ request }: ServerUnaryCall<CreateReq, unknown>, answer: sendUnaryData<unknown>): void => {
      const continuous = request.getOptions()?.getContinuous();
      const name = continuous?.getName() ?? '';
      if (kept.has(name)) return answer(failure(status.ALREADY_EXISTS, `${name} is there`));
      const source = request.getOptions()?.getQuery() ?? '';
      kept.set(name, { source, emits: continuous?.getEmitEnabled() === true, isEnabled: true });
      answer(null, new projectionMessages.CreateResp());
    },
    update: ({ request }: ServerUnaryCall<UpdateReq, unknown>, answer: sendUnaryData<unknown>): void => {
      const options = request.getOptions();
      const old = kept.get(options?.getName() ?? '');
      if (old === undefined) return answer(failure(status.NOT_FOUND, 'no such projection'));
      const emits = options?.hasEmitEnabled() === true ? options.getEmitEnabled() : old.emits;
      kept.set(options?.getName() ?? '', { ...old, source: options?.getQuery() ?? '', emits });
      answer(null, new projectionMessages.UpdateResp());
    },
    enable: ({ request }: ServerUnaryCall<EnableReq, unknown>, answer: sendUnaryData<unknown>): void => {
      const name = request.getOptions()?.getName() ?? '';
      const old = kept.get(name) ?? { source: '', emits: true }; // the server's own, such as $by_category
      kept.set(name, { ...old, isEnabled: true });
      answer(null, new projectionMessages.EnableResp());
    },
  };
  return { service: projectionServices.ProjectionsService, handlers };
}

function failure(code: status, details: string) {
  return { code, details, metadata: new Metadata() };
}
