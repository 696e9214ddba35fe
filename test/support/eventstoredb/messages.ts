/** The messages of the server's protocol, by the code that its makers generate from it and ship with their client. */
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js';
import streamMessages from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendResult, Expected, KeptRecord } from './stored-streams.js';
import { NO_MORE } from './stream-metadata.js';

/** What appends and deletions have in common. */
type Expecting = Pick<AppendReq.Options, 'hasAny' | 'hasNoStream' | 'hasStreamExists' | 'getRevision'>;

export function streamNameOf(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function expectedOf(options: Expecting): Expected {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return Number(options.getRevision());
}

export function keptRecordOf(message: AppendReq.ProposedMessage): KeptRecord {
  const properties = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: properties.get('type') ?? '',
    contentType: properties.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function answerTo(result: Exclude<AppendResult, { kind: 'deleted' }>, expected: Expected): AppendResp {
  const answer = new streamMessages.AppendResp();
  if (result.kind === 'stored') {
    const success = new streamMessages.AppendResp.Success();
    success.setCurrentRevision(String(result.revision));
    success.setNoPosition(new sharedMessages.Empty());
    answer.setSuccess(success);
    return answer;
  }
  const wrong = new streamMessages.AppendResp.WrongExpectedVersion();
  if (result.current === undefined) wrong.setCurrentNoStream(new sharedMessages.Empty());
  else wrong.setCurrentRevision(String(result.current));
  if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
  else wrong.setExpectedNoStream(new sharedMessages.Empty());
  answer.setWrongExpectedVersion(wrong);
  return answer;
}

export function readAnswer(stream: string, revision: number | bigint, record: KeptRecord): ReadResp {
  const message = new streamMessages.ReadResp.ReadEvent.RecordedEvent();
  const id = new sharedMessages.UUID();
  id.setString(record.id);
  message.setId(id);
  message.setStreamIdentifier(identifierOf(stream));
  message.setStreamRevision(String(revision));
  message.getMetadataMap().set('type', record.type).set('content-type', record.contentType).set('created', '0');
  message.setCustomMetadata(record.metadata);
  message.setData(record.data);
  const event = new streamMessages.ReadResp.ReadEvent();
  event.setEvent(message);
  event.setNoPosition(new sharedMessages.Empty());
  const answer = new streamMessages.ReadResp();
  answer.setEvent(event);
  return answer;
}

/** What stands at the end of a stream that is gone for good. */
export function tombstoneAnswer(stream: string): ReadResp {
  const nothing = new Uint8Array();
  const record = { id: '', type: '$streamDeleted', contentType: 'application/octet-stream', data: nothing };
  return readAnswer(stream, NO_MORE, { ...record, metadata: nothing });
}

export function notFoundAnswer(stream: string): ReadResp {
  const notFound = new streamMessages.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifierOf(stream));
  const answer = new streamMessages.ReadResp();
  answer.setStreamNotFound(notFound);
  return answer;
}

export function confirmation(id: string): ReadResp {
  const confirmed = new streamMessages.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(id);
  const answer = new streamMessages.ReadResp();
  answer.setConfirmation(confirmed);
  return answer;
}

function identifierOf(stream: string) {
  const identifier = new sharedMessages.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  return identifier;
}
