/** Names in a text field: one a line, or with commas between them. A name that contains a comma stands in double quotes, on a line of its own. */

function namesOfLine(line: string): readonly string[] {
  const text = line.trim();
  const quoted = text.startsWith('"') ? unquote(text) : null;
  return quoted === null ? text.split(",").map((name) => name.trim()) : [quoted];
}

function unquote(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The names in a text, each once. Pure. */
export const parseNames = (text: string): readonly string[] => [
  ...new Set(
    text
      .split("\n")
      .flatMap(namesOfLine)
      .filter((name) => name !== ""),
  ),
];

const needsQuotes = (name: string): boolean => name.includes(",") || name.startsWith('"') || name.trim() !== name;

/** A text with these names. Pure. */
export function formatNames(names: readonly string[]): string {
  return names.some(needsQuotes)
    ? names.map((name) => (needsQuotes(name) ? JSON.stringify(name) : name)).join("\n")
    : names.join(", ");
}

/** The name at the end that is still being typed. */
const partOf = (text: string): string => /[^,\n]*$/.exec(text)?.[0].trim() ?? "";

const MOST_SUGGESTIONS = 8;

/** Known names that a text does not have yet, and that contain what is being typed at its end. Pure. */
export function suggestNames(text: string, known: readonly string[]): readonly string[] {
  const names = parseNames(text);
  const part = partOf(text);
  const search = known.includes(part) ? "" : part.toLowerCase();
  return known
    .filter((name) => !names.includes(name) && name.toLowerCase().includes(search))
    .slice(0, MOST_SUGGESTIONS);
}

/** The text with a suggestion, instead of what is being typed at its end. Pure. */
export function addName(text: string, name: string, known: readonly string[]): string {
  const part = partOf(text);
  const isPart = part !== "" && !known.includes(part) && name.toLowerCase().includes(part.toLowerCase());
  const names = parseNames(isPart ? text.slice(0, text.lastIndexOf(part)) : text);
  return formatNames([...names, name]);
}
