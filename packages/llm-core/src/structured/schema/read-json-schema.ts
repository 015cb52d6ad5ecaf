import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { isRecord, type JsonObject } from "../../contract/json.ts";
import { invalidInput } from "../../errors/llm-error.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { inlineShared } from "./inline-shared.ts";

const TARGET = "draft-2020-12";

/** Types of zod and valibot, and codes of ArkType, that no JSON value can have. */
const NEVER_JSON: ReadonlySet<unknown> = new Set([
  "symbol",
  "function",
  "function_",
  "promise",
  "undefined",
  "undefined_",
  "void",
  "void_",
  "bigint",
  "date",
  "map",
  "set",
  "nan",
  "file",
  "blob",
]);

class NotJson extends Error {}

/**
 * Gets the JSON Schema of the input of a Standard Schema, if the library can generate it:
 *
 * - Standard JSON Schema (`~standard.jsonSchema`: zod 4.2 and later, ArkType 2.1.28 and later, and valibot's `toStandardJsonSchema`);
 * - a method `toJSONSchema()` (zod 4.1) or `toJsonSchema()` (ArkType 2.0);
 * - for valibot the package `@valibot/to-json-schema`, if it is installed.
 *
 * This package imports none of these libraries.
 *
 * @throws invalid_input if a part of the schema has a type that no JSON value can have
 */
export async function readJsonSchema(
  schema: StandardSchemaV1,
  path: string,
): Promise<{ readonly jsonSchema: JsonObject | null; readonly warnings: readonly string[] }> {
  try {
    const found = await convert(schema);
    if (found !== null) return { jsonSchema: inlineShared(checkJsonSchema(found, path)), warnings: [] };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalidInput(path, `a schema that JSON can express (${message})`);
  }
  const { vendor } = schema["~standard"];
  const remedy = vendor === "valibot" ? "install @valibot/to-json-schema" : "give { jsonSchema, validate }";
  return {
    jsonSchema: null,
    warnings: [`${path}: ${vendor} gives no JSON Schema, so only the prompt describes the shape (${remedy})`],
  };
}

async function convert(schema: StandardSchemaV1): Promise<unknown> {
  const standard = schema["~standard"];
  if (hasConverter(standard)) {
    return standard.jsonSchema.input({ target: TARGET, libraryOptions: OPTIONS[standard.vendor] });
  }
  if (hasMethod(schema, "toJSONSchema")) return schema.toJSONSchema({ io: "input", ...OPTIONS.zod });
  if (hasMethod(schema, "toJsonSchema")) return schema.toJsonSchema();
  if (standard.vendor !== "valibot") return null;
  const valibot = await importIfThere("@valibot/to-json-schema");
  if (valibot === null || !hasMethod(valibot, "toJsonSchema")) return null;
  return valibot.toJsonSchema(schema, { target: TARGET, typeMode: "input", ...OPTIONS.valibot });
}

const never = (what: unknown): never => {
  throw new NotJson(`no JSON value is a ${String(what).replace(/_$/, "")}`);
};

/**
 * Options for each library: a part that JSON Schema cannot describe (a custom check, a coerced date) becomes "anything" and is checked only
 * by the validator; a part that no JSON value can fit is an error.
 */
const OPTIONS: Readonly<Record<string, Record<string, unknown>>> = {
  zod: {
    unrepresentable: "any",
    // Else a part that is used twice is written twice, and its parts four times.
    reused: "ref",
    override: (context: { zodSchema: { _zod: { def: { type: string; coerce?: boolean } } } }): void => {
      const { type, coerce } = context.zodSchema._zod.def;
      if (coerce !== true && NEVER_JSON.has(type)) never(type);
    },
  },
  arktype: {
    fallback: (context: { code: string; base: unknown; domain?: string; proto?: { name: string } }): unknown => {
      if (context.code === "domain") return never(context.domain);
      if (context.code === "proto") return never(context.proto?.name ?? "class instance");
      if (context.code === "date") return never("date");
      return context.base;
    },
  },
  valibot: {
    errorMode: "ignore",
    overrideSchema: (context: { valibotSchema: { type: string } }): undefined => {
      if (NEVER_JSON.has(context.valibotSchema.type)) never(context.valibotSchema.type);
    },
  },
};

function hasConverter(standard: object): standard is StandardJSONSchemaV1.Props {
  return "jsonSchema" in standard && isRecord(standard.jsonSchema) && typeof standard.jsonSchema.input === "function";
}

function hasMethod<N extends string>(
  value: object,
  name: N,
): value is Record<N, (...args: readonly unknown[]) => unknown> {
  return name in value && typeof Reflect.get(value, name) === "function";
}

/**
 * Imports an optional peer. A variable hides the name from esbuild and Rollup, the comments hide the import from webpack, Turbopack and
 * Vite.
 */
async function importIfThere(name: string): Promise<object | null> {
  try {
    return (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name)) as object;
  } catch {
    return null;
  }
}
