const NUMBERS =
  /\b(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|minItems|maxItems): (-?\d+(?:\.\d+)?)/g;
const TEXTS = /(?:^|; )(pattern|format): (.*?)(?=; (?:pattern|format|m(?:in|ax)\w+): |$)/g;

/**
 * Restores constraints from descriptions as keywords: not every vendor accepts `minimum` and similar keywords, so clients move them into the
 * description as `minimum: 1; maximum: 5`.
 */
export function withDescribedConstraints(schema: Record<string, unknown>): Record<string, unknown> {
  const { description } = schema;
  if (typeof description !== "string" || !description.includes(": ")) return schema;
  const found: Record<string, unknown> = {};
  for (const [, keyword = "", value] of description.matchAll(NUMBERS)) found[keyword] = Number(value);
  for (const [, keyword = "", value] of description.matchAll(TEXTS)) found[keyword] = value;
  if (description.includes("uniqueItems: true")) found.uniqueItems = true;
  return { ...found, ...schema };
}
