/** Whether a variable in the environment of the tests would change what the command line prints or does: colours, or one of its options. */
export function isHeeded(name: string): boolean {
  if (name === 'FORCE_COLOR' || name === 'NO_COLOR') return true;
  return name.startsWith('PARLEY_') && !/^PARLEY_(CLI_ENTRY|TEST_|REQUIRE)/.test(name);
}
