/** Where a part says what it did, or what went wrong, for whoever runs it. A pino logger is one. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const ignore = (): void => undefined;

/** For those who run nothing. */
export const silentLogger: Logger = { info: ignore, warn: ignore, error: ignore };
