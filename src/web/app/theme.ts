import { signal } from '@preact/signals';

const KEPT_AS = 'parley-theme';
const darkHere = matchMedia('(prefers-color-scheme: dark)');

type Theme = 'light' | 'dark';

/** What was chosen here; undefined: as the machine has it. */
const chosen = signal<Theme | undefined>((localStorage.getItem(KEPT_AS) ?? undefined) as Theme | undefined); // written below

/** Counts the changes, for what is drawn on a canvas and must be drawn again. */
export const themeChanges = signal(0);
darkHere.addEventListener('change', () => themeChanges.value++);

/** To be called once, before anything is drawn. */
export function applyTheme(): void {
  const { classList } = document.documentElement;
  classList.toggle('light', chosen.value === 'light');
  classList.toggle('dark', chosen.value === 'dark');
}

export function toggleTheme(): void {
  const isDark = chosen.value === undefined ? darkHere.matches : chosen.value === 'dark';
  chosen.value = isDark ? 'light' : 'dark';
  localStorage.setItem(KEPT_AS, chosen.value);
  applyTheme();
  themeChanges.value++;
}
