import type { ViewParams } from './view.js';

/** What a path gives a view whose own path is the pattern; undefined where it is the path of another. */
export function paramsOf(pattern: string, path: string): ViewParams | undefined {
  const [parts, asked] = [segmentsOf(pattern), segmentsOf(path)];
  if (parts.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = asked[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a bad %: it names nothing that there is
  }
}
