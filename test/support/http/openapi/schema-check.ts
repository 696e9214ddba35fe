import { fastify } from 'fastify';
import { onTestFinished } from 'vitest';

/** Takes a value; gives what is wrong with it, or nothing. */
export type Check = (value: unknown) => string;

/** Compiles JSON schemas with Fastify’s own validator: another implementation than the server’s. Throws for a schema that is none. */
export async function schemaCompiler(
  components: Readonly<Record<string, object>> = {},
): Promise<(schema: object) => Check> {
  const ajv = {
    customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true },
  } as const;
  const app = fastify({ ajv });
  onTestFinished(() => app.close());
  for (const [name, component] of Object.entries(components))
    app.addSchema({ $id: name, ...withFastifyRefs(component) });
  let compile: ((schema: object) => Check) | undefined;
  app.get('/', (request) => {
    compile = (schema) => {
      const validate = request.compileValidationSchema(withFastifyRefs(schema));
      return (value) => (validate(value) ? '' : JSON.stringify(validate.errors));
    };
    return {};
  });
  await app.inject({ method: 'GET', url: '/' });
  if (compile === undefined) throw new Error('the compiler was not reached');
  return compile;
}

/** OpenAPI refers to a shared schema by its place in the document, Fastify by its name. */
function withFastifyRefs<Value>(schema: Value): Value {
  return JSON.parse(JSON.stringify(schema).replace(/#\/components\/schemas\/(\w+)/g, '$1#')) as Value; // same shape
}
