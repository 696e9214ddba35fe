/** What the environment says and no option does. */
export const variablesAlone: Readonly<Record<string, string>> = {
  PARLEY_SASL_PASSWORD: 'the password of `--sasl-username`, which never stands on a command line',
  NO_COLOR: 'anything but nothing switches colours off',
  TERM: '`dumb` switches colours off',
};
