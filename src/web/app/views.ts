/** Every view: its address, and the module that is loaded when it is first looked at. */
import type { View, ViewParams } from './view.js';

interface ViewEntry {
  /** Segments that begin with `:` are parameters. */
  readonly path: string;
  readonly load: () => Promise<{ readonly default: View }>;
}

export const views: readonly ViewEntry[] = [
  { path: '/', load: () => import('../market/market-list.js') },
  { path: '/market/:symbol', load: () => import('../market/market-view.js') },
  { path: '/deals/:id', load: () => import('../deal/deal-view.js') },
  { path: '/intentions/:id', load: () => import('../intention/intention-view.js') },
  { path: '/log', load: () => import('../log/log-view.js') },
  { path: '/doubts', load: () => import('../doubts/doubts-view.js') },
  { path: '/participants', load: () => import('../participants/participants-view.js') },
  { path: '/participants/:name', load: () => import('../participants/participant-view.js') },
  { path: '/cluster', load: () => import('../cluster/cluster-view.js') },
  { path: '/audit', load: () => import('../audit/audit-view.js') },
  { path: '/file', load: () => import('../file/file-view.js') },
];

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
