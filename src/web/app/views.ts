/** Every view: its address, and the module that is loaded when it is first looked at. */
import MarketList from '../market/market-list.js';
import { paramsOf } from './params-of.js';
import type { View, ViewParams } from './view.js';

interface ViewEntry {
  /** Segments that begin with `:` are parameters. */
  readonly path: string;
  /** In the window’s title. */
  readonly title: (params: ViewParams) => string;
  readonly load: () => Promise<View>;
}

/** All but the first view come together: they share much, are small, and then work without the server that sent them. */
const others = async () => import('./other-views.js');

export const views: readonly ViewEntry[] = [
  { path: '/', title: () => 'Market', load: () => Promise.resolve(MarketList) },
  { path: '/market/:symbol', title: ({ symbol = '' }) => symbol, load: async () => (await others()).MarketView },
  { path: '/deals/:id', title: ({ id = '' }) => `Deal ${id}`, load: async () => (await others()).DealView },
  {
    path: '/intentions/:id',
    title: ({ id = '' }) => `Intention ${id}`,
    load: async () => (await others()).IntentionView,
  },
  { path: '/log', title: () => 'Log', load: async () => (await others()).LogView },
  { path: '/doubts', title: () => 'In doubt', load: async () => (await others()).DoubtsView },
  { path: '/participants', title: () => 'Participants', load: async () => (await others()).ParticipantsView },
  { path: '/participants/:name', title: ({ name = '' }) => name, load: async () => (await others()).ParticipantView },
  { path: '/cluster', title: () => 'Cluster', load: async () => (await others()).ClusterView },
  { path: '/audit', title: () => 'Audit', load: async () => (await others()).AuditView },
  { path: '/file', title: () => 'A file', load: async () => (await others()).FileView },
];

/** After the first view has what it shows: what it needs comes before what it may never need. */
const LATER_MS = 2_500;

/** Fetches what has not been looked at yet, so that it is there at once, and without the server. */
export function loadLater(): void {
  setTimeout(() => ('requestIdleCallback' in globalThis ? requestIdleCallback(loadAll) : loadAll()), LATER_MS);
}

/** The same at once. What cannot be had is said to whoever goes there. */
export function loadAll(): void {
  for (const load of [others, () => import('../market/chart/candle-plot.js')]) load().catch(() => undefined);
}

export interface FoundView {
  readonly entry: ViewEntry;
  readonly params: ViewParams;
}

/** The view at a path; undefined where there is none. */
export function viewAt(path: string): FoundView | undefined {
  for (const entry of views) {
    const params = paramsOf(entry.path, path);
    if (params !== undefined) return { entry, params };
  }
  return undefined;
}
