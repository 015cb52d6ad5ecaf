import { isRecord } from "../json.ts";
import { boolean, type Check, dictionary, list, object, string } from "./checks.ts";

/** The id of a provider. */
export const providerId: Check = string({
  pattern: /^[a-z][a-z0-9-]*$/,
  expected: "a provider id: a-z, 0-9 and -, beginning with a letter",
});

/** The id of a model: anything printable, since ids hold `/` and `:`. */
export const modelId: Check = string({
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  pattern: /^[^\s\u0000-\u001f\u007f](?:[^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f])?$/,
  expected: "a model id: not empty, no blanks around it, no control characters",
});

const modelOrNull: Check = (value, path) => {
  if (value !== null) modelId(value, path);
};

const agent: Check = (value, path) => {
  if (isRecord(value) && "models" in value) {
    object({ models: dictionary(modelId, providerId) })(value, path);
    return;
  }
  object({ provider: providerId, model: modelOrNull }, ["provider"])(value, path);
};

/** Settings given as a value; absent fields change nothing. Shape only: ids that no provider has are warnings of the plan. */
export const settings: Check = object({
  order: (order, at) => {
    if (order !== null) list(providerId)(order, at);
  },
  providers: dictionary(object({ enabled: boolean, model: modelOrNull }), providerId),
  agents: dictionary(agent),
});
