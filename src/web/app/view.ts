import type { ComponentType } from 'preact';

/** What a view is given of its address, such as `id`. */
export type ViewParams = Readonly<Record<string, string>>;

export type View = ComponentType<{ readonly params: ViewParams }>;
