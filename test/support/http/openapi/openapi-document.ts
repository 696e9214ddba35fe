/** The OpenAPI document, read as JSON, without any code of the server. */

/** A JSON schema, as far as the document uses them. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly items?: Schema;
  readonly examples?: readonly (string | number | boolean | object)[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

export type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

export interface OpenApiDocument {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Its operations, with methods in capitals, and with what their bodies are said to be instead of its name. */
export function operationsOf({ paths, components }: OpenApiDocument): readonly Operation[] {
  const spelledOut = ({ schema }: Content[string]): Content[string] => ({
    schema: components.schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema,
  });
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, ...operation }]) => {
      const content = Object.entries(requestBody?.content ?? {}).map(([type, each]) => [type, spelledOut(each)]);
      const body = requestBody && { requestBody: { ...requestBody, content: Object.fromEntries(content) as Content } }; // the same types
      return { path, method: method.toUpperCase(), ...operation, ...body };
    }),
  );
}
