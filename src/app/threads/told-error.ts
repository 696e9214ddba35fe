type Told = string | number | boolean;

/** An error as it is sent to another thread, which would keep neither its `code` nor the name of its class. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** What else it says of itself: its code, what the system was asked for. */
  readonly fields: Readonly<Record<string, Told>>;
}

export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, fields: {} };
  const { name, message, stack } = error;
  const fields = Object.entries(error).filter((entry): entry is [string, Told] => isTold(entry[1]));
  return { name, message, stack, fields: Object.fromEntries(fields) };
}

export function heardError({ name, message, stack, fields }: ToldError): Error {
  return Object.assign(new Error(message), fields, { name, stack });
}

function isTold(value: unknown): value is Told {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
