import { Option } from 'commander';

/** An option that may be given several times, each time an anchor or a file of them. `anchorsOf` (src/app/anchors) reads its values. */
export function anchorOption(flags: string, says: string): Option {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return new Option(flags, says).argParser(gather);
}
