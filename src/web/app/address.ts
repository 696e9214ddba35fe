/** Where in the page one is: an address that can be sent to somebody else. */
import { computed, signal } from '@preact/signals';

interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

const current = signal<Address>(read());
addEventListener('popstate', () => (current.value = read()));

/** `/deals/1-1`; of a file `/file/deals/1-1`. */
export const path = computed(() => current.value.path);

/** What a view keeps in the address beside its path, such as filters. */
export const query = computed(() => current.value.query);

/** The moment at which the whole page stands: that before the event at this position. Undefined: live. */
export const standingAt = computed<number | undefined>(() => {
  const text = query.value.get('at') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
});

/** Of which shard positions are; the first unless the address says otherwise. */
export const shardInAddress = computed<number | undefined>(() => {
  const text = query.value.get('shard') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
});

/** Whether what is looked at is a file: then its views lie below /file. */
export const isOfFile = computed(() => path.value.startsWith('/file/'));

/** The path of a view, as it is written in the table of views. */
export const viewPath = computed(() => (isOfFile.value ? path.value.slice('/file'.length) : path.value));

export interface Going {
  /** In place of this address, which is left out of the history. */
  readonly replace?: boolean;
}

/** Goes to an address: a path, and what follows it. */
export function go(to: string, { replace = false }: Going = {}): void {
  if (to === `${location.pathname}${location.search}`) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  current.value = read();
}

/** Changes what stands in the query; undefined takes a field out. */
export function goWith(fields: Readonly<Record<string, string | undefined>>, going?: Going): void {
  go(addressWith(fields), going);
}

function addressWith(fields: Readonly<Record<string, string | undefined>>): string {
  const changed = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) changed.delete(name);
    else changed.set(name, value);
  }
  return written(path.value, changed);
}

/** The address of a view: of the same file, at the same moment, of the same shard. */
export function addressOf(view: string, fields: Readonly<Record<string, string>> = {}): string {
  const [bare = view, own = ''] = view.split('?', 2);
  const kept = new URLSearchParams();
  for (const name of ['at', 'shard']) {
    const value = query.value.get(name);
    if (value !== null) kept.set(name, value);
  }
  for (const [name, value] of new URLSearchParams(own)) kept.set(name, value);
  for (const [name, value] of Object.entries(fields)) kept.set(name, value);
  return written(isOfFile.value && bare !== '/file' ? `/file${bare}` : bare, kept);
}

/** This view at another moment; of the same shard unless one is given. */
export function addressAt(position: number | undefined, shard?: number): string {
  const at = position === undefined ? undefined : String(position);
  return addressWith({ at, ...(shard === undefined ? {} : { shard: String(shard) }) });
}

function written(bare: string, fields: URLSearchParams): string {
  return fields.size === 0 ? bare : `${bare}?${fields.toString()}`;
}

function read(): Address {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}
