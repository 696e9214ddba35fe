/** What the environment says and no option does. */
export const variablesAlone: Readonly<Record<string, string>> = {
  PARLEY_SASL_PASSWORD: 'the password of `--sasl-username`, which never stands on a command line',
  NO_COLOR: 'anything but nothing switches colours off, also where `FORCE_COLOR` is set',
  FORCE_COLOR: 'anything but nothing switches colours on where there is no terminal; `0` and `false` switch them off',
  TERM: '`dumb` switches colours off',
};
