import { callFields, checkCallRules } from "../check/check-call-options.ts";
import { callable, listOf, number, type OptionCheck, objectOf } from "../check/checks.ts";
import type { CallOptions } from "../contract/call-options.ts";
import type { Provider } from "../contract/provider.ts";
import { invalidInput } from "../errors/llm-error.ts";

// Structured calls do not support a response format, coalescing or hedging.
const { responseFormat: _format, coalesce: _coalesce, hedge: _hedge, ...fields } = callFields;
const { tools: _tools, toolChoice: _choice, ...fieldsWithoutTools } = fields;

const maxReasks = number({ min: 0, whole: true });

/** Checks only that there is a schema; the schema itself is checked when it is used. */
const schema: OptionCheck = (value, path) => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    throw invalidInput(path, "a Standard Schema, or { jsonSchema, validate }");
  }
};

const elementId: OptionCheck = (value, path) => {
  if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value))) {
    throw invalidInput(path, "a string or a number");
  }
};

const ids: OptionCheck = (value, path) => {
  listOf(elementId)(value, path);
  if (!Array.isArray(value)) return;
  if (value.length === 0) throw invalidInput(path, "at least one id: an empty array needs no request");
  const firstIndexes = new Map<unknown, number>();
  for (const [index, id] of value.entries()) {
    const first = firstIndexes.get(id);
    if (first !== undefined) throw invalidInput(`${path}[${index}]`, `another id than ${path}[${first}]`);
    firstIndexes.set(id, index);
  }
};

const withIds = objectOf({ ids, idOf: callable }, ["ids", "idOf"]);
const withCount = objectOf({ count: number({ min: 1, whole: true }) }, ["count"]);

const expected: OptionCheck = (value, path) => {
  const hasIds = typeof value === "object" && value !== null && "ids" in value;
  (hasIds ? withIds : withCount)(value, path);
};

const objectOptions = objectOf({ ...fields, schema, maxReasks }, ["schema"]);
const arrayOptions = objectOf(
  { ...fieldsWithoutTools, element: schema, expected, elementsPerRequest: number({ min: 1, whole: true }), maxReasks },
  ["element"],
);

/** Checks the options of `generateObject` and `streamObject`. Throws `invalid_input` with the path of what is wrong. */
export function checkObjectOptions(options: unknown, providers: ReadonlyMap<string, Provider>): void {
  objectOptions(options, "");
  // Checked by the line above.
  const checked = options as CallOptions;
  if (checked.toolChoice === "required" || typeof checked.toolChoice === "object") {
    throw invalidInput("toolChoice", '"auto" or "none": a forced tool call cannot give an object');
  }
  checkCallRules(checked, providers);
}

/** Checks the options of `generateArray` and `streamArray`. Throws `invalid_input` with the path of what is wrong. */
export function checkArrayOptions(options: unknown, providers: ReadonlyMap<string, Provider>): void {
  arrayOptions(options, "");
  // Checked by the line above.
  checkCallRules(options as CallOptions, providers);
}
