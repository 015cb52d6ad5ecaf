import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { SchemaIssue } from "../../errors/error-details.ts";
import { invalidInput } from "../../errors/llm-error.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { readJsonSchema } from "./read-json-schema.ts";
import type { Checked, RequestedSchema } from "./requested-schema.ts";
import type {
  AnySchema,
  InferSchema,
  JsonSchemaWithValidate,
  Validation,
  ValidationIssue,
} from "./structured-schema.ts";

/**
 * Converts the schema of a call.
 *
 * @param path - the option's name, for the error
 * @throws invalid_input if it is not a schema, or JSON cannot express it (functions, symbols, cycles without `$ref`)
 */
export async function toRequestedSchema<S extends AnySchema>(
  schema: S,
  path: string,
): Promise<RequestedSchema<InferSchema<S>>> {
  if (isStandardSchema(schema)) {
    const { validate } = schema["~standard"];
    const read = await readJsonSchema(schema, path);
    return {
      jsonSchema: read.jsonSchema,
      check: checkWith<InferSchema<S>>((value) => validate(value) as Returned<S>),
      warnings: read.warnings,
    };
  }
  if (isJsonSchemaWithValidate(schema)) {
    return {
      jsonSchema: checkJsonSchema(schema.jsonSchema, `${path}.jsonSchema`),
      check: checkWith<InferSchema<S>>((value) => schema.validate(value) as Returned<S>),
      warnings: [],
    };
  }
  throw invalidInput(path, "a Standard Schema, or { jsonSchema, validate }");
}

/** `InferSchema` is the return type of the schema's own validator; the compiler cannot infer that. */
type Returned<S extends AnySchema> = Validation<InferSchema<S>> | Promise<Validation<InferSchema<S>>>;

function isStandardSchema(schema: unknown): schema is StandardSchemaV1 {
  // ArkType's schemas are functions.
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) return false;
  if (!("~standard" in schema)) return false;
  const standard = schema["~standard"];
  return typeof standard === "object" && standard !== null && "validate" in standard;
}

function isJsonSchemaWithValidate(schema: unknown): schema is JsonSchemaWithValidate<unknown> {
  if (typeof schema !== "object" || schema === null) return false;
  return "jsonSchema" in schema && "validate" in schema && typeof schema.validate === "function";
}

function checkWith<T>(validate: (value: unknown) => Validation<T> | Promise<Validation<T>>) {
  return (value: unknown): Checked<T> | Promise<Checked<T>> => {
    try {
      const result = validate(value);
      return result instanceof Promise ? result.then(toChecked, notChecked) : toChecked(result);
    } catch (thrown) {
      return notChecked(thrown);
    }
  };
}

function toChecked<T>(result: Validation<T>): Checked<T> {
  if (result.issues === undefined) return { ok: true, value: result.value };
  const issues: SchemaIssue[] = [];
  // Paths and issues of ArkType are subclasses of Array, whose `map` returns the subclass.
  for (const issue of result.issues) issues.push(toSchemaIssue(issue));
  return { ok: false, issues };
}

function notChecked(thrown: unknown): Checked<never> {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { ok: false, issues: [{ message: `the validator threw: ${message}`, path: [] }] };
}

function toSchemaIssue({ message, path }: ValidationIssue): SchemaIssue {
  const keys: (string | number)[] = [];
  for (const step of path ?? []) {
    const key = typeof step === "object" ? step.key : step;
    keys.push(typeof key === "symbol" ? String(key) : key);
  }
  return { message, path: keys };
}
