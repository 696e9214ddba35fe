/** The kinds of fault that can strike a cluster in containers. */
import { cutOff, delay, halves, lonelyBroker, loss, oneWay } from './network-faults.js';
import {
  fillBroker,
  fillExchange,
  killBroker,
  killExchange,
  killHost,
  pauseBroker,
  pauseExchange,
  skew,
  starve,
  upgradeBrokers,
  upgradeExchanges,
} from './process-faults.js';
import type { Inflict } from './stage.js';

export const faults = {
  'cut-brokers': { says: 'an owner without its network to the brokers', inflict: cutOff('brokers') },
  'cut-members': { says: 'an owner without its network to the other exchanges', inflict: cutOff('members') },
  'cut-clients': { says: 'an owner without its network to clients', inflict: cutOff('clients') },
  halves: { says: 'an exchange and a broker, and the others, do not see each other', inflict: halves },
  'lonely-broker': {
    says: 'a broker does not see the others; exchanges see all',
    inflict: lonelyBroker,
  },
  mute: { says: 'what an owner sends to brokers is dropped', inflict: oneWay('out') },
  deaf: { says: 'what brokers send to an owner is dropped', inflict: oneWay('in') },
  loss: { says: 'packets of an owner or a broker get lost', inflict: loss },
  delay: { says: 'packets of an owner or a broker are late, and overtake each other', inflict: delay },
  'pause-exchange': { says: 'an owner stands still', inflict: pauseExchange },
  'pause-broker': { says: 'a broker stands still', inflict: pauseBroker },
  'kill-exchange': { says: 'an owner is killed', inflict: killExchange },
  'kill-broker': { says: 'a broker is killed', inflict: killBroker },
  'kill-host': { says: 'an owner and a broker are killed together', inflict: killHost },
  'full-exchange': { says: 'an owner’s disk is full', inflict: fillExchange },
  'full-broker': { says: 'a broker’s disk is full', inflict: fillBroker },
  memory: { says: 'the kernel kills an owner for want of memory', inflict: starve },
  clock: { says: 'an owner’s clock is up to 45 s wrong', inflict: skew },
  'upgrade-exchanges': { says: 'all exchanges are replaced, one after the other', inflict: upgradeExchanges },
  'upgrade-brokers': { says: 'all brokers are, by another version where there is one', inflict: upgradeBrokers },
} as const satisfies Readonly<Record<string, { readonly says: string; readonly inflict: Inflict }>>;

export type FaultKind = keyof typeof faults;

export const faultKinds = Object.keys(faults) as readonly FaultKind[]; // the table's own keys
