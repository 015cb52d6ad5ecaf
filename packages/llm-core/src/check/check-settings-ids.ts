import { NO_INVISIBLE_CHARACTERS } from "../errors/invisible-characters.ts";
import { type OptionCheck, string } from "./checks.ts";

/** The id of a provider. */
export const providerId: OptionCheck = string({
  pattern: /^[a-z][a-z0-9-]*$/,
  expected: "a provider id: a-z, 0-9 and -, beginning with a letter",
});

/** The id of a model: any visible characters, since ids contain `/` and `:`. */
export const modelId: OptionCheck = string({
  pattern: /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+(?<!\s)$/u,
  expected: "a model id: not empty, no blanks around it, no control or hidden characters",
});

/** The id of an agent, chosen by the caller. */
export const agentId: OptionCheck = string({
  pattern: NO_INVISIBLE_CHARACTERS,
  expected: "an agent id: not empty, no control or hidden characters",
});
