/** Which moment everything on the page is as of. */
import { computed, signal } from '@preact/signals';
import type { AsOf, LogMoment, Source } from '../source/source.js';
import { addressAt, go, isOfFile, shardInAddress, standingAt } from './address.js';
import { server } from './exchange.js';
import { openFile } from './opened-file.js';

/** Where the views have what they show: the server, or the file that is open. */
export const source = computed<Source>(() => (isOfFile.value ? openFile.value : undefined) ?? server.value);

/** While the slider is dragged: where it is. The address changes when it is let go. */
export const draggedTo = signal<number | undefined>(undefined);

/** While it moves on: a place where it stays for a moment counts as one to look at closely. */
export const isDragging = signal(false);

const REST_MS = 150;
let resting: ReturnType<typeof setTimeout> | undefined;

/** Takes the page along with the slider. */
export function dragTo(position: number): void {
  draggedTo.value = position;
  isDragging.value = true;
  clearTimeout(resting);
  resting = setTimeout(() => (isDragging.value = false), REST_MS);
}

/** The position before which all events are shown; undefined: live. */
export const standing = computed(() => draggedTo.value ?? standingAt.value);

export const isLive = computed(() => standing.value === undefined);

/** What is known of the moment at which the page stands. */
export const place = signal<LogMoment | undefined>(undefined);

/** The shard whose log has the positions, where the address names one: then there are several. */
export const shard = computed(() => (isOfFile.value ? undefined : shardInAddress.value));

/** What every look of a view is asked with. */
export const asOf = computed<AsOf>(() => ({ at: standing.value, shard: shard.value }));

/** Takes the page to a moment, of another shard where one is given; undefined: back to what is live. */
export function stand(position: number | undefined, ofShard?: number): void {
  clearTimeout(resting);
  isDragging.value = false;
  draggedTo.value = undefined;
  go(addressAt(position, ofShard));
}
