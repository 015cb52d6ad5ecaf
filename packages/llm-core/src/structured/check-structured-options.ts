import { callFields, checkCallRules } from "../check/check-call-options.ts";
import { type Check, callable, list, number, object } from "../check/checks.ts";
import type { CallOptions } from "../contract/call-options.ts";
import type { Provider } from "../contract/provider.ts";
import { invalidInput } from "../errors/llm-error.ts";

// What a shape does not go together with: a format of its own, and answers shared or raced.
const { responseFormat: _format, coalesce: _coalesce, hedge: _hedge, ...fields } = callFields;
const { tools: _tools, toolChoice: _choice, ...fieldsWithoutTools } = fields;

const maxReasks = number({ min: 0, whole: true });

/** The schema itself is looked at when it is used; here it only has to be there. */
const schema: Check = (value, path) => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    throw invalidInput(path, "a Standard Schema, or { jsonSchema, validate }");
  }
};

const elementId: Check = (value, path) => {
  if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value))) {
    throw invalidInput(path, "a string or a number");
  }
};

const ids: Check = (value, path) => {
  list(elementId)(value, path);
  if (!Array.isArray(value)) return;
  if (value.length === 0) throw invalidInput(path, "at least one id: an empty array needs no request");
  const seen = new Map<unknown, number>();
  for (const [index, id] of value.entries()) {
    const first = seen.get(id);
    if (first !== undefined) throw invalidInput(`${path}[${index}]`, `another id than ${path}[${first}]`);
    seen.set(id, index);
  }
};

const withIds = object({ ids, idOf: callable }, ["ids", "idOf"]);
const withCount = object({ count: number({ min: 1, whole: true }) }, ["count"]);

const expected: Check = (value, path) => {
  const hasIds = typeof value === "object" && value !== null && "ids" in value;
  (hasIds ? withIds : withCount)(value, path);
};

const objectOptions = object({ ...fields, schema, maxReasks }, ["schema"]);
const arrayOptions = object(
  { ...fieldsWithoutTools, element: schema, expected, elementsPerRequest: number({ min: 1, whole: true }), maxReasks },
  ["element"],
);

/** Checks the options of `generateObject` and `streamObject`. Throws `invalid_input` with the path of what is wrong. */
export function checkObjectOptions(options: unknown, providers: ReadonlyMap<string, Provider>): void {
  objectOptions(options, "");
  // The line above has just made sure of it.
  const checked = options as CallOptions;
  if (checked.toolChoice === "required" || typeof checked.toolChoice === "object") {
    throw invalidInput("toolChoice", '"auto" or "none": a forced tool call is no object');
  }
  checkCallRules(checked, providers);
}

/** Checks the options of `generateArray` and `streamArray`. Throws `invalid_input` with the path of what is wrong. */
export function checkArrayOptions(options: unknown, providers: ReadonlyMap<string, Provider>): void {
  arrayOptions(options, "");
  // The line above has just made sure of it.
  checkCallRules(options as CallOptions, providers);
}
