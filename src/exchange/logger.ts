/** What a shard tells its operator about itself; pino fits. */
export interface ShardLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => undefined;
export const silentLogger: ShardLogger = { info: ignore, warn: ignore, error: ignore };
