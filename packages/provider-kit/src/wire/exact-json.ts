/** The part of `JSON` that ES2024 types lack (source text access: Node 22, 2024). */
interface SourceJSON {
  readonly rawJSON?: (source: string) => unknown;
  readonly isRawJSON?: (value: unknown) => boolean;
  parse(
    text: string,
    reviver: (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown,
  ): unknown;
}

const json: SourceJSON = JSON;

const LONG = /\d{16}/;

/**
 * `JSON.parse`, except that whole numbers beyond 2^53 that JavaScript cannot represent become `JSON.rawJSON` objects, which `JSON.stringify`
 * writes exactly as they were. Falls back to `JSON.parse` on platforms without `JSON.rawJSON`.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseExactJSON(text: string): unknown {
  const { rawJSON } = json;
  if (rawJSON === undefined || !LONG.test(text)) return JSON.parse(text);
  return json.parse(text, (_, value, context) => {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined || !isChanged(value, source)) return value;
    return rawJSON(source);
  });
}

/** Whether a value is a number that {@link parseExactJSON} kept exactly. */
export const isExactNumber = (value: unknown): boolean => json.isRawJSON?.(value) === true;

function isChanged(value: number, source: string): boolean {
  if (Number.isSafeInteger(value) || !/^-?\d{1,400}$/.test(source)) return false;
  return !Number.isFinite(value) || BigInt(value) !== BigInt(source);
}
