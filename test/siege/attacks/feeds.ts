/** Feeds: of one intention of one’s own each, and of the whole log, half of them unread. */
import { untilAborted } from '../../support/time/until-aborted.js';
import type { Attack } from './attack.js';
import { head, openSocket } from './sockets.js';

const FEEDS = 1_000;
const OPENED_AT_ONCE = 50;

async function openAll(open: (index: number) => void, signal: AbortSignal): Promise<void> {
  for (let index = 0; index < FEEDS && !signal.aborted; index++) {
    open(index);
    if (index % OPENED_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await untilAborted(signal);
}

export const ownFeeds: Attack = {
  unit: 'bytes',
  run: ({ port, greedyKey }, done, signal) =>
    openAll((index) => {
      const socket = openSocket(port, signal);
      socket.on('data', (bytes) => done(bytes.length));
      // Those of `furnish`: its ids begin with 1, and two more are one deal.
      socket.write(head('GET', `/v1/events?stream=intention-${1 + index}&from=0`, greedyKey));
    }, signal),
};

export const wholeFeeds: Attack = {
  unit: 'bytes',
  run: ({ port, operatorKey }, done, signal) =>
    openAll((index) => {
      const socket = openSocket(port, signal);
      if (index % 2 === 0) socket.pause();
      else socket.on('data', (bytes) => done(bytes.length));
      socket.write(head('GET', '/v1/events', operatorKey));
    }, signal),
};
