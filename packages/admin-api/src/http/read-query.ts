import * as v from "valibot";
import { AdminError } from "./admin-error.ts";

const MAX_ISSUES = 10;
/** A name of a parameter can be as long as a URL. */
const MAX_NAME = 100;

/** The refusal of a query; the message names the first parameter that is wrong. */
export function invalidQuery(issues: readonly { readonly path: string; readonly message: string }[]): AdminError {
  const firstIssues = issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => ({ path: path.slice(0, MAX_NAME), message }));
  const [first] = firstIssues;
  return new AdminError(
    "invalid_query",
    `Invalid query: ${first?.path ?? ""}: ${first?.message ?? "not as expected"}`,
    {
      issues: firstIssues,
    },
  );
}

/** The values of each parameter of a request, checked. Throws `invalid_query` with the names of the parameters that are wrong. */
export function readQuery<T>(schema: v.GenericSchema<unknown, T>, { url }: Request): T {
  const valuesByName = new Map<string, string[]>();
  for (const [name, value] of new URL(url).searchParams)
    valuesByName.set(name, [...(valuesByName.get(name) ?? []), value]);
  const result = v.safeParse(schema, Object.fromEntries(valuesByName));
  if (result.success) return result.output;
  throw invalidQuery(
    result.issues.map((issue) => ({ path: String(issue.path?.[0]?.key ?? ""), message: issue.message })),
  );
}

/** A parameter that is given once. */
export const once = <T>(schema: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T> =>
  v.pipe(
    v.array(v.string()),
    v.length(1, "is given once"),
    v.transform(([value]): unknown => value),
    schema,
  );

/** A parameter that is a whole number. */
export const wholeNumber = (min: number, max: number): v.GenericSchema<unknown, number> => {
  const message = `expected a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, message),
    v.transform(Number),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
};
