import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { asOf, source } from '../app/moment.js';
import { said } from '../parts/failure.js';
import { saveBlob } from '../parts/save.js';
import type { ChartFormat } from '../source/source.js';

const formats: readonly {
  readonly format: ChartFormat;
  readonly text: string;
  readonly ends: string;
  readonly type: string;
}[] = [
  { format: 'svg', text: 'SVG', ends: 'svg', type: 'image/svg+xml' },
  { format: 'mermaid', text: 'Mermaid', ends: 'mmd', type: 'text/plain' },
  { format: 'text', text: 'Text', ends: 'txt', type: 'text/plain' },
];

/** The chart as a file: the same that the command line draws. */
export function ChartExport({ subject }: { readonly subject: string }): JSX.Element {
  const wrong = useSignal<string | undefined>(undefined);
  const save = async ({ format, ends, type }: (typeof formats)[number]): Promise<void> => {
    wrong.value = undefined;
    try {
      const text = await source.value.chartAs(subject, format, asOf.value);
      saveBlob(new Blob([text], { type }), `parley-${subject}.${ends}`);
    } catch (error) {
      wrong.value = said(error).detail;
    }
  };
  return (
    <div class="chart-export" role="group" aria-label="Save the chart">
      <span class="faint">Save as</span>
      {formats.map((each) => (
        <button key={each.format} type="button" class="quiet" onClick={() => void save(each)}>
          {each.text}
        </button>
      ))}
      {wrong.value !== undefined && (
        <span class="error" role="alert">
          {wrong.value}
        </span>
      )}
    </div>
  );
}
