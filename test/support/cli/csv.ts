/** By the names of the head; undefined for what is not there. */
export type CsvRecord = Readonly<Record<string, string | undefined>>;

/**
 * Reads CSV as RFC 4180 has it, with an apostrophe taken away that stands before a text. Throws for what is no CSV: a line with more or
 * fewer fields than the head, a quote within a text, an end that is none.
 */
export function csvRecords(text: string): CsvRecord[] {
  const [head = [], ...lines] = csvCells(text);
  return lines.map((line) => {
    if (line.length !== head.length) throw new Error(`a line has ${line.length} fields, the head ${head.length}`);
    return Object.fromEntries(line.map((value, index) => [head[index] ?? '', bare(value)]));
  });
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/** The cells of each line as a spreadsheet is given them. */
export function csvCells(text: string): (string | undefined)[][] {
  const lines: (string | undefined)[][] = [];
  let line: (string | undefined)[] = [];
  for (let at = 0; at < text.length; at = CELL.lastIndex) {
    CELL.lastIndex = at;
    const [, quoted, plain, end] = CELL.exec(text) ?? [];
    if (end === undefined) throw new Error(`no cell at character ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    line.push(quoted?.replaceAll('""', '"') ?? (plain === '' ? undefined : plain));
    if (end === ',') continue;
    lines.push(line);
    line = [];
  }
  return lines;
}

function bare(value: string | undefined): string | undefined {
  return value?.startsWith("'") === true ? value.slice(1) : value;
}
