/** The input of a tool call as JSON text. Text from a gateway is returned unchanged. */
export function toInputText(input: unknown): string {
  if (typeof input === "string") return input.trim() === "" ? "{}" : input;
  return JSON.stringify(input ?? {});
}
