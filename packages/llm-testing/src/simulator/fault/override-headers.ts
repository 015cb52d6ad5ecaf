/** Overrides headers with those of a test. A header that is `null` is omitted. */
export function overrideHeaders(
  headers: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string | null>> | undefined,
): Readonly<Record<string, string>> {
  if (own === undefined) return headers;
  const result: Record<string, string> = { ...headers };
  for (const [name, value] of Object.entries(own)) {
    if (value === null) delete result[name.toLowerCase()];
    else result[name.toLowerCase()] = value;
  }
  return result;
}
