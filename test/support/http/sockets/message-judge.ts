import { Ajv, type ValidateFunction } from 'ajv';
import { asyncApiDocument } from '../../../../src/server/sockets/asyncapi.js';

interface Document {
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: object }>> };
}

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });
const document = asyncApiDocument() as unknown as Document & Record<string, unknown>; // a test holds its shape against AsyncAPI's own schema
const validators = new Map<string, ValidateFunction>();

/** Why a message is not what the document says of its kind; undefined where it is. */
export function whyNotDocumented(name: string, message: unknown): string | undefined {
  const payload = document.components.messages[name]?.payload;
  if (payload === undefined) return `there is no message ${name}`;
  let validate = validators.get(name);
  if (validate === undefined) {
    validate = ajv.compile({ ...payload, components: document.components });
    validators.set(name, validate);
  }
  return validate(message) ? undefined : `${name}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(message)}`;
}

/** By which name the document has a message that a server sent. */
export function nameOf(message: Readonly<Record<string, unknown>>): string {
  const { channel, type } = message;
  if (typeof channel !== 'string') return 'answer';
  if (type === 'ended') return 'ended';
  return channel === 'events' ? 'events.event' : `${channel}.${String(type)}`;
}
