import { effect, signal } from '@preact/signals';
import { Component, type ComponentChildren, type JSX, type RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { isOfFile, viewPath } from './address.js';
import { Away } from './away.js';
import { presence } from './exchange.js';
import { Header } from './header.js';
import { KeyDialog } from './key-dialog.js';
import { KeysHelp } from './keys-help.js';
import { Link } from './link.js';
import { openFile } from './opened-file.js';
import { caller, isKeyWanted, keyChanges } from './session.js';
import { TimeLine } from './time-line/time-line.js';
import type { View } from './view.js';
import { loadAll, loadLater, viewAt } from './views.js';

/** The whole page: what stays, and the view of the address in it. */
export function Shell(): JSX.Element {
  const view = useFocusOnNewView();
  return (
    <>
      <a class="skip" href="#view">
        Skip to the view
      </a>
      <Header />
      <TimeLine />
      <Away />
      <main id="view" tabIndex={-1} ref={view}>
        <Guard key={`${viewPath.value} ${keyChanges.value}`}>
          <CurrentView />
        </Guard>
      </main>
      <KeysHelp />
      <KeyDialog />
    </>
  );
}

/** What had the focus is gone with the view it was in: then the new view has it, so that the keyboard goes on from there. */
function useFocusOnNewView(): RefObject<HTMLElement> {
  const view = useRef<HTMLElement>(null);
  const path = viewPath.value;
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path && document.activeElement === document.body)
      view.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return view;
}

/** Modules that have come, by the path that their view has in the table. */
const loaded = signal<Readonly<Record<string, View>>>({});
const failure = signal<unknown>(undefined);

// Whoever has a file open needs no server, not even for a view that has not been looked at yet.
effect(() => {
  if (openFile.value !== undefined) loadAll();
});

function CurrentView(): JSX.Element {
  const found = viewAt(viewPath.value);
  const path = found?.entry.path;
  const title = found?.entry.title(found.params) ?? 'Nothing here';
  useEffect(() => {
    document.title = `${title} · Parley`;
  }, [title]);
  useEffect(() => {
    if (found === undefined || loaded.peek()[found.entry.path] !== undefined) return;
    failure.value = undefined;
    found.entry.load().then(
      (view) => {
        loaded.value = { ...loaded.peek(), [found.entry.path]: view };
        loadLater();
      },
      (error: unknown) => (failure.value = error),
    );
  }, [path]);
  if (found === undefined || path === undefined) return <NothingHere />;
  if (isOfFile.value && openFile.value === undefined) return <NoFile />;
  if (presence.value === 'keyed' && caller.value === undefined && !isOfFile.value && path !== '/file')
    return <KeyWanted />;
  const View = loaded.value[path];
  if (View !== undefined) return <View params={found.params} />;
  return failure.value === undefined ? <Loading /> : <Failure error={failure.value} />;
}

function KeyWanted(): JSX.Element {
  return (
    <section class="empty">
      <h1>This exchange asks for a key</h1>
      <p>Without one it shows nothing of what is traded. A file can be looked at all the same.</p>
      <p>
        <button type="button" class="primary" onClick={() => (isKeyWanted.value = true)}>
          Give a key
        </button>
      </p>
    </section>
  );
}

function NothingHere(): JSX.Element {
  return (
    <section class="empty">
      <h1>There is nothing here</h1>
      <p>The address names no view of this page.</p>
      <p>
        <Link to="/">To the market</Link>
      </p>
    </section>
  );
}

function NoFile(): JSX.Element {
  return (
    <section class="empty">
      <h1>No file is open</h1>
      <p>
        This address is of a log in a file, which was open in another tab or before the page was loaded again.{' '}
        <a href="/file">Open it again</a>.
      </p>
    </section>
  );
}

/** A view that throws is shown as such, and the rest of the page goes on. */
class Guard extends Component<{ readonly children: ComponentChildren }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static override getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  render(): ComponentChildren {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} />;
  }
}
