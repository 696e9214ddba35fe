/**
 * kafkajs 2.2.4 looks at the queue of each connection's requests a thousand times a second, though nothing waits in it: each look sets
 * a timer for the next, of a negative length, of which Node 24 warns on stderr. Here it looks again only while something waits. To be
 * imported wherever kafkajs is.
 */
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const { scheduleCheckPendingRequests } = RequestQueue.prototype;

RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
};
