import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { type OptionCheck, string } from "./checks.ts";

/** One tuned model of the settings. Only what every reader needs is checked: the settings store checks the rest. */
export const tunedModel: OptionCheck = (value, path) => {
  if (!isRecord(value)) throw invalidInput(path, "an object");
  for (const name of ["provider", "model"]) string()(value[name], `${path}.${name}`);
};
