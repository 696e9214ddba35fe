import type { JSX } from 'preact';
import { ParleyError } from '../../client/wire/error.js';

/** What went wrong, in the exchange’s own words, and what may be done. */
export function Failure({ error, onAgain }: { readonly error: unknown; readonly onAgain?: () => void }): JSX.Element {
  const { code, detail } = said(error);
  return (
    <div class="failure" role="alert">
      <p>
        {detail} <code class="faint">{code}</code>
      </p>
      {onAgain !== undefined && (
        <button type="button" onClick={onAgain}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The code and the words of an error. */
export function said(error: unknown): { readonly code: string; readonly detail: string } {
  if (error instanceof ParleyError) return { code: error.code, detail: sentence(error.detail) };
  return { code: 'PAGE_FAILED', detail: sentence(error instanceof Error ? error.message : String(error)) };
}

function sentence(text: string): string {
  const [first = '', ...rest] = text;
  return `${first.toUpperCase()}${rest.join('')}${/[.!?]$/.test(text) ? '' : '.'}`;
}
