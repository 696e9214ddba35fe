import { MessageKind } from '../../src/domain/negotiators/mailbox.js';

export type MessageName = keyof typeof MessageKind;

/** The kinds of messages by their names, which the compiler leaves out of what it writes. */
export const messageKinds: Readonly<Record<MessageName, MessageKind>> = {
  Announcement: MessageKind.Announcement,
  Proposal: MessageKind.Proposal,
  Acceptance: MessageKind.Acceptance,
  Decline: MessageKind.Decline,
  Confirmation: MessageKind.Confirmation,
  Abort: MessageKind.Abort,
  Restarted: MessageKind.Restarted,
  PartnerRestarted: MessageKind.PartnerRestarted,
  InitiatorDeadline: MessageKind.InitiatorDeadline,
  ResponderDeadline: MessageKind.ResponderDeadline,
  Inquiry: MessageKind.Inquiry,
  LedgerConfirmed: MessageKind.LedgerConfirmed,
  LedgerAborted: MessageKind.LedgerAborted,
  LedgerSilent: MessageKind.LedgerSilent,
};
