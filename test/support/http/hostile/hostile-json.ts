/**
 * Hostile JSON, generated from a good body. Its meaning is known from how it is made: `spoilt` can never mean the original body, and
 * `disguised` means exactly that body, however odd it looks.
 */
import fc from 'fast-check';

/** A flat body as it is sent when nothing is wrong with it. */
export type Body = Readonly<Record<string, string>>;

/** No field of a post or a change takes any of these, whatever its name. */
const wrongKinds = [
  ...['null', 'true', 'false', '0', '-0', '10.25', '1e999', '-1E+400', '9007199254740993', '[]', '{}', '[["10.25"]]'],
  ...['{"toString":"10.25"}', '{"$gt":""}', '{"length":1}', `${'['.repeat(500)}${']'.repeat(500)}`],
];

/** Nor any of these texts: all too long, of characters that no field has, or numbers as no exchange writes them. */
const wrongTexts = [
  ...['', ' ', ' 10.25', '10.25\n', '10.25\u0000', '1e2', '0x10', '0b1', '1,025', '1_000', '10.', '.5', '+5', '-5'],
  ...['010', '00', '1/2', 'NaN', 'Infinity', '-0', '１０', '١٠', '１0.25', '10٫25', '½', '²', '1\u200b0', '\u202e10'],
  ...['\ud800', 'a\udfff', '\uffff', '\ufeffACME', 'ÄCME', 'ACME ', 'a b', 'a/b', '../ACME', '%00', "' OR 1=1 --"],
  ...['x'.repeat(65), '9'.repeat(400), `0.${'0'.repeat(300)}1`, '😀'.repeat(40)],
];

const unknownNames = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'length', '', ' side', 'Side'],
  ...['side\u0000', 'ｓide', '\ud800', 'operator', 'price ', 'x'.repeat(5_000), '0', '$where'],
];

/** What no reader of JSON takes. */
const brokenTexts = [
  ...["{'a':1}", '{a:1}', '{"a":1,}', '{"a":NaN}', '{"a":Infinity}', '{"a":0x1}', '{"a":01}', '{"a":+1}', '{"a":.5}'],
  ...[
    '{"a":1}{"a":1}',
    '{"a":1} x',
    '{"a":"\u0001"}',
    '{"a":"\\x41"}',
    '{"a":"\\u12"}',
    '/**/{}',
    '{"a":1}//',
    '\ufeff{}',
  ],
  ...['{"a":١}', '{“a”:1}', 'undefined', '{', '"', '{"a"', '\u0000', '[1,]', '['.repeat(30_000)],
  `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
];

/** JSON, but no object. */
const noObjects = ['null', 'true', '0', '"text"', '[]', '[{}]', '1e999', `${'['.repeat(9_000)}${']'.repeat(9_000)}`];

const entriesOf = (body: Body): [string, string][] => Object.entries(body).map(([name, value]) => [name, quote(value)]);
const textOf = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([name, value]) => `${quote(name)}:${value}`).join(',')}}`;

/** As JSON.stringify has it, but with half characters as they are. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u(d[89a-f][0-9a-f]{2})/gi, (_all, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

function values(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...wrongKinds),
    fc.constantFrom(...texts).map((text) => JSON.stringify(text)),
    fc.constantFrom(...texts).map(quote),
  );
}

/** Any printable ASCII is a client’s id. */
const noClientIds = wrongTexts.filter((text) => !/^[!-~]{1,64}$/.test(text));
const valuesFor = (name: string): fc.Arbitrary<string> =>
  values(name === 'clientIntentionId' ? noClientIds : wrongTexts);

/** Bytes that a failing property shows as text. */
function legible(bytes: Uint8Array): Buffer {
  const kept = Buffer.from(bytes);
  return Object.assign(kept, { [fc.toStringMethod]: () => JSON.stringify(kept.toString()) });
}

/** Bytes that never mean the body: it is to be refused, whatever else is thought of it. Holds no line end. */
export function spoilt(body: Body, optional: readonly string[] = []): fc.Arbitrary<Buffer> {
  const names = Object.keys(body);
  const required = names.filter((name) => !optional.includes(name));
  const text = textOf(entriesOf(body));
  const withValue = fc
    .constantFrom(...names)
    .chain((name) => fc.tuple(fc.constant(name), valuesFor(name)))
    .map(([name, value]) => {
      return textOf(entriesOf(body).map(([each, good]) => [each, each === name ? value : good]));
    });
  const withField = fc
    .tuple(fc.constantFrom(...unknownNames), values(wrongTexts), fc.nat(names.length))
    .map(([name, value, at]) => {
      const entries = entriesOf(body);
      entries.splice(at, 0, [name, value]);
      return textOf(entries);
    });
  const twice = fc.tuple(fc.constantFrom(...names), fc.nat(names.length), fc.boolean()).map(([name, at, isEscaped]) => {
    const entries = entriesOf(body).map(([each, value]) => `${quote(each)}:${value}`);
    entries.splice(at, 0, `${isEscaped ? escaped(name) : quote(name)} : ${quote(body[name] ?? '')}`);
    return `{${entries.join(',')}}`;
  });
  const only = (isKept: (name: string) => boolean): string => textOf(entriesOf(body).filter(([name]) => isKept(name)));
  const without = fc.constantFrom(
    ...required.map((name) => only((each) => each !== name)),
    ...(required.length === 0 ? ['{}'] : []), // one of them is needed
  );
  const cut = fc.integer({ min: 1, max: text.length - 1 }).map((length) => text.slice(0, length));
  const broken = fc.constantFrom(...brokenTexts, ...noObjects);
  const invalidUtf8 = fc
    .tuple(fc.integer({ min: 1, max: text.length - 1 }), fc.constantFrom('80', 'ff', 'c0af', 'eda080', 'f8888080'))
    .map(([at, bytes]) =>
      Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(bytes, 'hex'), Buffer.from(text.slice(at))]),
    );
  const wide = fc.constant(Buffer.from(`\ufeff${text}`, 'utf16le').filter((byte) => byte !== 0x0a));
  const texts = fc.oneof(withValue, withField, twice, without, cut, broken).map((each) => Buffer.from(each));
  return fc.oneof({ weight: 8, arbitrary: texts }, invalidUtf8, wide).map(legible);
}

/** A field as only a pedant would write it: each character by its number. */
const escaped = (text: string): string =>
  `"${Array.from(text, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;

const blanks = fc.constantFrom('', ' ', '\t', '  \t ');

/** Bytes that mean the body and nothing else. Holds no line end but the one it may end with, so it can be a line of many. */
export function disguised(body: Body): fc.Arbitrary<Buffer> {
  const order = fc.shuffledSubarray(Object.entries(body), { minLength: Object.keys(body).length });
  const fields = order.chain((entries) =>
    fc.tuple(
      ...entries.map(([name, value]) =>
        fc.tuple(fc.boolean(), fc.boolean(), blanks).map((drawn) => {
          const [isNameEscaped, isValueEscaped, blank] = drawn;
          const shownName = isNameEscaped ? escaped(name) : JSON.stringify(name);
          const shownValue = isValueEscaped ? escaped(value) : JSON.stringify(value);
          return `${blank}${shownName}${blank}:${blank}${shownValue}${blank}`;
        }),
      ),
    ),
  );
  return fc.tuple(fields, blanks, fc.constantFrom('', '\r')).map(([shown, blank, end]) => {
    return legible(Buffer.from(`${blank}{${shown.join(',')}}${blank}${end}`));
  });
}
