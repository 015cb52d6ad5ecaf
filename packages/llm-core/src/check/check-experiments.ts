import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { type OptionCheck, oneOf, string } from "./checks.ts";

const FIELDS: Readonly<Record<string, OptionCheck>> = {
  state: oneOf("draft", "running", "paused", "stopped"),
  unit: oneOf("agent", "session", "call"),
  direction: oneOf("up", "down"),
  metric: string(),
};

/**
 * One experiment of the settings. Only what every reader needs is checked: the settings store checks the rest, and a newer version may have
 * stored more.
 */
export const experiment: OptionCheck = (value, path) => {
  if (!isRecord(value)) throw invalidInput(path, "an object");
  for (const [name, check] of Object.entries(FIELDS)) check(value[name], `${path}.${name}`);
  if (!Array.isArray(value.arms) || !value.arms.every(isArm)) {
    throw invalidInput(`${path}.arms`, "a list of arms, each with an id and a weight");
  }
};

const isArm = (arm: unknown): boolean => isRecord(arm) && typeof arm.id === "string" && typeof arm.weight === "number";
