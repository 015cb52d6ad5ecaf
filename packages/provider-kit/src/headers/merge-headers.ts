/** Merges headers. Names become lower case, and later layers override earlier ones regardless of case. */
export function mergeHeaders(
  ...layers: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string> {
  const merged = new Map<string, string>();
  for (const layer of layers) {
    if (layer === undefined) continue;
    for (const name of Object.keys(layer)) merged.set(name.toLowerCase(), layer[name] ?? "");
  }
  return Object.fromEntries(merged);
}
