/**
 * Without keys every client that reaches the port may do anything, and a browser on this machine sends requests for any page that it
 * shows, some without a preflight (a form, an empty POST). It names the origin of each. Programs name none, and are let through.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from '../problem-details.js';

/** Methods that change nothing. What a page elsewhere reads in this way, a browser does not show it. */
const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const OWN_SITES: readonly string[] = ['same-origin', 'none'];

/** Throws ProblemError for what would change something and comes from a page of another origin than this very server or those that are allowed. */
export function refuseForeignPage(
  method: string,
  headers: IncomingHttpHeaders,
  allowed: ReadonlySet<string> = new Set(),
): void {
  if (SAFE.includes(method)) return;
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && allowed.has(origin)) return;
  if (origin !== undefined && !isOf(origin, host)) {
    throw new ProblemError('FORBIDDEN', 'without keys the exchange takes nothing from a page of another origin');
  }
  if (site !== undefined && !OWN_SITES.includes(site)) {
    throw new ProblemError('FORBIDDEN', 'without keys the exchange takes nothing from a page of another site');
  }
}

/** Host may be missing, and then there is no telling. */
function isOf(origin: string, host: string | undefined): boolean {
  const [scheme, rest] = origin.toLowerCase().split('://', 2);
  return (scheme === 'http' || scheme === 'https') && host !== undefined && rest === host.toLowerCase();
}
