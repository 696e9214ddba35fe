/** An exchange for tests of programs that trade: the real one, in the test's own process, whose clock the test sets. */
export { ManualClock } from './manual-clock.js';
export { openExchange, type TestExchange, type TestExchangeOptions } from './open-exchange.js';
