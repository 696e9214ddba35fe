import type { FileSource } from '../source/file-source.js';

/** What was noticed while a file was read, in sentences. */
export function notesOf({ eventsSealed, cutLine, wrongSeals, firstWrongSeal }: FileSource['told']): readonly string[] {
  const notes: string[] = [];
  if (cutLine !== undefined) notes.push(`The file ends within line ${cutLine}, which is left out.`);
  if (eventsSealed > 0) {
    const events = eventsSealed === 1 ? 'The last event has' : `The last ${eventsSealed} events have`;
    notes.push(`${events} no end of a batch behind them, as in an export that was cut short; they are taken as one.`);
  }
  if (wrongSeals > 0) {
    const batches = wrongSeals === 1 ? 'A batch is' : `${wrongSeals} batches are`;
    const where = firstWrongSeal === undefined ? '' : `, the first at position ${firstWrongSeal}`;
    notes.push(`${batches} sealed with another digest than that of the events${where}: something was changed.`);
  }
  return notes;
}
