/** A chart as plain shapes, in pixels: whatever draws them, on a command line or a page, needs to know no more of a chart. */

interface Shape {
  /** Names of classes, separated by blanks: what it is, for a style sheet. May be empty. */
  readonly style: string;
  /** Index of the row of the chart that it belongs to; none for what stands for the whole. */
  readonly row?: number;
}

export interface LineShape extends Shape {
  readonly kind: 'line';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface CircleShape extends Shape {
  readonly kind: 'circle';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface RectShape extends Shape {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

/** An arrow’s line, from its sender, or the tip at its receiver. */
export interface PathShape extends Shape {
  readonly kind: 'arrow' | 'tip';
  /** An SVG path. */
  readonly d: string;
  readonly isToLeft: boolean;
}

export type Anchor = 'start' | 'middle' | 'end';

export interface TextShape extends Shape {
  readonly kind: 'text';
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly anchor: Anchor;
  readonly text: string;
  /** All of it, where `text` had to be cut. */
  readonly full?: string;
}

export type ChartShape = LineShape | CircleShape | RectShape | PathShape | TextShape;

/** Where a row of the chart lies. */
export interface RowPlace {
  /** Of its dot, its arrow, or the middle of its band. */
  readonly y: number;
  /** Rows follow each other without a gap: one’s bottom is the next one’s top. */
  readonly top: number;
  readonly bottom: number;
}

export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The x of each lifeline, from the left. */
  readonly lanes: readonly [number, number, number];
  /** In the order in which they are to be drawn. */
  readonly shapes: readonly ChartShape[];
  /** One for each row of the chart. */
  readonly rows: readonly RowPlace[];
}
