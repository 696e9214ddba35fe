/** Every view: its address, and the module that is loaded when it is first looked at. */
import MarketList from '../market/market-list.js';
import type { View, ViewParams } from './view.js';

interface ViewEntry {
  /** Segments that begin with `:` are parameters. */
  readonly path: string;
  readonly load: () => Promise<View>;
}

/** All but the first view come together: they share much, are small, and then work without the server that sent them. */
const others = async () => import('./other-views.js');

export const views: readonly ViewEntry[] = [
  { path: '/', load: () => Promise.resolve(MarketList) },
  { path: '/market/:symbol', load: async () => (await others()).MarketView },
  { path: '/deals/:id', load: async () => (await others()).DealView },
  { path: '/intentions/:id', load: async () => (await others()).IntentionView },
  { path: '/log', load: async () => (await others()).LogView },
  { path: '/doubts', load: async () => (await others()).DoubtsView },
  { path: '/participants', load: async () => (await others()).ParticipantsView },
  { path: '/participants/:name', load: async () => (await others()).ParticipantView },
  { path: '/cluster', load: async () => (await others()).ClusterView },
  { path: '/audit', load: async () => (await others()).AuditView },
  { path: '/file', load: async () => (await others()).FileView },
];

/** Fetches what has not been looked at yet, once there is nothing else to do. */
export function loadLater(): void {
  const load = (): void => void others().catch(() => undefined); // whoever goes there is told
  if ('requestIdleCallback' in globalThis) requestIdleCallback(load);
  else setTimeout(load, 1_000);
}

export interface FoundView {
  readonly entry: ViewEntry;
  readonly params: ViewParams;
}

/** The view at a path; undefined where there is none. */
export function viewAt(path: string): FoundView | undefined {
  const asked = segmentsOf(path);
  for (const entry of views) {
    const params = matched(segmentsOf(entry.path), asked);
    if (params !== undefined) return { entry, params };
  }
  return undefined;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function matched(pattern: readonly string[], asked: readonly string[]): ViewParams | undefined {
  if (pattern.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = asked[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a bad %: it names nothing that there is
  }
}
