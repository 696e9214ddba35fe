import type { JSX } from 'preact';
import type { ChartShape, TextShape } from '../../../projections/handshake/chart-layout.js';

/** A shape of a chart as an element of SVG. Colours come from the style sheet, by its classes. */
export function shapeElement(shape: ChartShape, key: number): JSX.Element {
  const { style } = shape;
  switch (shape.kind) {
    case 'line':
      return <line key={key} class={style} x1={shape.x1} y1={shape.y1} x2={shape.x2} y2={shape.y2} />;
    case 'circle':
      return <circle key={key} class={style} cx={shape.x} cy={shape.y} r={shape.radius} />;
    case 'rect': {
      const { x, y, width, height, radius } = shape;
      return <rect key={key} class={style} x={x} y={y} width={width} height={height} rx={radius} />;
    }
    case 'arrow':
      return <path key={key} class={`${style}${shape.isToLeft ? ' to-left' : ''}`} d={shape.d} />;
    case 'tip':
      return <path key={key} class={`point ${style}`} d={shape.d} />;
    case 'text':
      return textElement(shape, key);
  }
}

function textElement({ style, x, y, anchor, text, full }: TextShape, key: number): JSX.Element {
  return (
    <text key={key} class={style} x={x} y={y} text-anchor={anchor}>
      {full !== undefined && <title>{full}</title>}
      {text}
    </text>
  );
}
