import { Counter, Gauge, type Registry } from 'prom-client';
import { type CloseCode, closeCodes } from '../../api/close-codes.js';

/** With which code ws closes for which fault, where that is not the one of a breach of the protocol. */
const codeOf: ReadonlyMap<string, CloseCode> = new Map([
  ['WS_ERR_INVALID_UTF8', closeCodes.notUtf8],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', closeCodes.tooLarge],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', closeCodes.tooLarge],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', closeCodes.policyViolation],
]);

/** What WebSockets are counted by. */
export class SocketMetrics {
  readonly open: Gauge;
  readonly subscriptions: Gauge<'channel'>;
  readonly commands: Counter;
  private readonly closings: Counter<'code'>;

  constructor(registers: Registry[]) {
    this.open = new Gauge({ name: 'parley_sockets', help: 'WebSockets that are open.', registers });
    this.subscriptions = new Gauge({
      name: 'parley_socket_subscriptions',
      help: 'Subscriptions on WebSockets, by channel.',
      labelNames: ['channel'],
      registers,
    });
    this.commands = new Counter({
      name: 'parley_socket_commands_total',
      help: 'Commands that came on WebSockets and were carried out or refused by the exchange.',
      registers,
    });
    this.closings = new Counter({
      name: 'parley_sockets_closed_total',
      help: 'WebSockets that the server closed, by the code that it gave.',
      labelNames: ['code'],
      registers,
    });
  }

  /** One was closed by ws, for this fault; other faults are of the connection, which then says nothing. */
  broke(fault: string | undefined): void {
    if (fault?.startsWith('WS_ERR') === true) this.closed(codeOf.get(fault) ?? closeCodes.protocolError);
  }

  closed(code: CloseCode): void {
    this.closings.inc({ code: String(code) });
  }
}
