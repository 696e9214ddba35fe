/** What came back on a connection, as answers. */
export interface RawAnswer {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** All whole answers that the bytes begin with, in order; those that say only that the body may come are left out. */
export function answersIn(bytes: Buffer): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; ;) {
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    if (headEnd === -1) return answers;
    const [line = '', ...fieldLines] = bytes.toString('latin1', at, headEnd).split('\r\n');
    const fields = new Map(
      fieldLines.map((field) => {
        const colon = field.indexOf(': ');
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 2)];
      }),
    );
    const status = Number(line.split(' ')[1]);
    const start = headEnd + 4;
    const end = status < 200 ? start : endOfBody(bytes, start, fields);
    if (end === undefined) return answers;
    if (status >= 200) answers.push({ status, fields, body: bytes.toString('utf8', start, end) });
    at = end;
  }
}

function endOfBody(bytes: Buffer, start: number, fields: ReadonlyMap<string, string>): number | undefined {
  if (fields.get('transfer-encoding') === 'chunked') {
    const last = bytes.indexOf('0\r\n\r\n', start);
    return last === -1 ? undefined : last + 5;
  }
  const end = start + Number(fields.get('content-length') ?? 0);
  return end > bytes.length ? undefined : end;
}
