import type { ExchangePort } from '../exchange/port.js';

/** What of the port is no command: how the exchange is run, and looked at. */
type NoCommand = 'instruments' | 'instrument' | 'book' | 'shards' | 'congested' | 'drained' | 'close';

/**
 * The commands, in decimal strings. Each is answered once all it rests on is durable: with `ok: true` and what it did, or with a refusal,
 * `ok: false`, its stable `code` and a `detail` for people, and then it has done nothing. They are taken in the order of the calls.
 */
export type ExchangeCommands = Omit<ExchangePort, NoCommand>;

export function commandsOf(exchange: ExchangePort): ExchangeCommands {
  return {
    post: (command) => exchange.post(command),
    postAll: (commands) => exchange.postAll(commands),
    withdraw: (command) => exchange.withdraw(command),
    withdrawAll: (command) => exchange.withdrawAll(command),
    reduce: (command) => exchange.reduce(command),
    replace: (command) => exchange.replace(command),
    list: (command) => exchange.list(command),
    changePhase: (command) => exchange.changePhase(command),
    uncross: (command) => exchange.uncross(command),
    setSwitch: (command) => exchange.setSwitch(command),
    setLimits: (command) => exchange.setLimits(command),
  };
}
