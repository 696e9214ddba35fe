/** The codes with which a WebSocket is closed (RFC 6455, 7.4), and what each means and asks for: for people and for documents. */
export const closeCodes = {
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  notUtf8: 1007,
  policyViolation: 1008,
  tooLarge: 1009,
  failed: 1011,
  tryAgainLater: 1013,
  unauthenticated: 4001,
  tooSlow: 4008,
  tooFast: 4029,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

export const closeCodeSays: Readonly<Record<CloseCode, string>> = {
  1001: 'The server stops. What it had taken has been answered. Connect again, after a while.',
  1002: 'A frame broke the protocol: not masked, with a reserved bit or an unknown opcode, or of a compression that was not agreed on.',
  1003: 'A binary message came. Messages are text.',
  1007: 'A message was not UTF-8.',
  1008: 'A message came in too many fragments, or was not whole in time.',
  1009: 'A message was larger than 64 KiB.',
  1011: 'The server failed. What was not answered is unknown: send it again under the same ids.',
  1013: 'The key has as many connections as it may have. Close one, or try again later.',
  4001: 'No key was shown within 10 seconds, none that is known, or the key has been taken back.',
  4008: 'What was sent was not read for too long, or pings were not answered. Connect again, and resume after the last position.',
  4029: 'Too much came at once of what costs the sender nothing: pings, or requests that were refused.',
};
