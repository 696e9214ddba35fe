import type { Attack } from './attack.js';
import { ownFeeds, wholeFeeds } from './feeds.js';
import { instruments, lists, posts, sentAhead, slowBodies } from './requests.js';
import { lines, unreadLines } from './streams.js';

/** By name, in the order in which they are done. */
export const attacks: Readonly<Record<string, Attack>> = {
  'unread-lines': unreadLines,
  lines,
  posts,
  'own-feeds': ownFeeds,
  'whole-feeds': wholeFeeds,
  instruments,
  'sent-ahead': sentAhead,
  'slow-bodies': slowBodies,
  lists,
};
