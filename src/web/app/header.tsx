import type { JSX } from 'preact';
import { isOfFile, viewPath } from './address.js';
import { presence, trouble } from './exchange.js';
import { follow, Link } from './link.js';
import { openFile } from './opened-file.js';
import { Search } from './search.js';
import { caller, isKeyWanted, may, takeKey } from './session.js';
import { toggleTheme } from './theme.js';

interface Place {
  readonly to: string;
  readonly name: string;
  /** Also of paths that begin so. */
  readonly below?: readonly string[];
  /** Whether it is offered. */
  readonly isFor?: () => boolean;
  readonly isOfServer?: boolean;
}

const places: readonly Place[] = [
  { to: '/', name: 'Market', below: ['/market'] },
  { to: '/log', name: 'Log', isFor: () => may.seeAll.value },
  { to: '/doubts', name: 'In doubt', isFor: () => may.seeAll.value },
  { to: '/participants', name: 'Participants', isFor: () => may.seeAffairs.value },
  { to: '/cluster', name: 'Cluster', isFor: () => may.seeAffairs.value, isOfServer: true },
  { to: '/audit', name: 'Audit', isFor: () => may.seeAll.value },
  { to: '/file', name: 'A file', isOfServer: true },
];

export function Header(): JSX.Element {
  return (
    <header class="header">
      <div class="header-bar">
        <Link to="/" class="brand">
          <Mark />
          <span class="brand-name">Parley</span>
        </Link>
        <Search />
        <div class="header-end">
          <Presence />
          <Who />
          <button type="button" class="quiet icon" onClick={toggleTheme} aria-label="Switch between light and dark">
            ◐
          </button>
        </div>
      </div>
      <nav class="places" aria-label="Views">
        {isOfFile.value && (
          <a class="place back" href="/" onClick={(event) => follow(event, '/')}>
            ← Server
          </a>
        )}
        {places.filter(isOffered).map(({ to, name, below = [to] }) => (
          <Link key={to} to={to} class="place" aria-current={isAt(to, below) ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
    </header>
  );
}

function isOffered({ isFor = () => true, isOfServer = false }: Place): boolean {
  return isOfFile.value ? !isOfServer : isFor();
}

function isAt(to: string, below: readonly string[]): boolean {
  const path = viewPath.value;
  return path === to || below.some((each) => path.startsWith(`${each}/`));
}

/** Two arrows that meet: a proposal and its acceptance. */
function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M8 11h13m0 0-4-4m4 4-4 4M24 21H11m0 0 4-4m-4 4 4 4" />
    </svg>
  );
}

const words = {
  connecting: 'connecting',
  live: 'live',
  starting: 'starting',
  away: 'away',
  keyed: 'key needed',
} as const;

/** Whether the exchange is there, or whose log is shown instead. */
function Presence(): JSX.Element {
  if (isOfFile.value) return <span class="presence file">{openFile.value?.name ?? 'no file'}</span>;
  const state = presence.value;
  if (state === 'keyed') {
    return (
      <button type="button" class="presence keyed" title={trouble.value} onClick={() => (isKeyWanted.value = true)}>
        <span class="dot" aria-hidden="true" />
        {words.keyed}
      </button>
    );
  }
  return (
    <span class={`presence ${state}`} title={trouble.value} role="status">
      <span class="dot" aria-hidden="true" />
      {words[state]}
    </span>
  );
}

/** Whose key it is, where there are keys. */
function Who(): JSX.Element | null {
  const known = caller.value;
  if (known?.keys !== true) return null;
  const { role, participant } = known;
  return (
    <span class="who">
      <span class="who-name">{participant ?? role}</span>
      <button
        type="button"
        class="quiet"
        aria-label="Change key"
        onClick={() => {
          takeKey(undefined);
          isKeyWanted.value = true;
        }}
      >
        <span class="who-change">Change key</span>
        <span class="who-key">Key</span>
      </button>
    </span>
  );
}
