/** The input of a tool call as the text of a JSON object: as it is where a gateway wrote it as text. */
export function toInputText(input: unknown): string {
  if (typeof input === "string") return input.trim() === "" ? "{}" : input;
  return JSON.stringify(input ?? {});
}
