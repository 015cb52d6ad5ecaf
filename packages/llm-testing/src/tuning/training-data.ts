import { isRecord } from "@babylon/llm-core";

const ROLES = ["system", "user", "assistant", "tool"];

/** What is wrong with a file of examples; `null`: nothing. */
export function trainingDataProblem(text: string): string | null {
  const lines = text.split("\n");
  if (lines.pop() !== "") return "the file does not end with a line feed";
  if (lines.length === 0) return "the file has no examples";
  for (const [index, line] of lines.entries()) {
    const problem = exampleProblem(line);
    if (problem !== null) return `line ${index + 1}: ${problem}`;
  }
  return null;
}

function exampleProblem(line: string): string | null {
  let example: unknown;
  try {
    example = JSON.parse(line);
  } catch {
    return "not JSON";
  }
  if (!isRecord(example) || !Array.isArray(example.messages)) return "no messages";
  const unknown = Object.keys(example).find((name) => name !== "messages" && name !== "tools");
  if (unknown !== undefined) return `unknown field ${unknown}`;
  if (example.tools !== undefined && !(Array.isArray(example.tools) && example.tools.length > 0))
    return "tools is not a list";
  if (!example.messages.every((message) => isRecord(message) && ROLES.includes(String(message.role))))
    return "a role is unknown";
  const last: unknown = example.messages.at(-1);
  return isRecord(last) && last.role === "assistant" ? null : "the last message is not the assistant's";
}
