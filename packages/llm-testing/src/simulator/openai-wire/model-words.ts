import { RequestRefusedError } from "../simulated-refusal.ts";

/** The field names of the output limit. */
export type LimitField = "max_completion_tokens" | "max_tokens";

/** A vendor's refusals for the shared checks of models. */
export interface ModelWords {
  unknownModel(id: string): RequestRefusedError;
  /** A parameter that the model does not support. */
  unsupported(name: string): RequestRefusedError;
  /** `reasoning_effort` of a model that does not reason. */
  noEffort(): RequestRefusedError;
  /** @param known - the model's efforts */
  otherEffort(effort: string, known: readonly string[], id: string): RequestRefusedError;
  tooManyTokens(name: LimitField, requested: number, most: number): RequestRefusedError;
  overflow(inputTokens: number, contextTokens: number): RequestRefusedError;
}

const unknownModel = (id: string): RequestRefusedError =>
  new RequestRefusedError(
    "model-not-found",
    null,
    `The model \`${id}\` does not exist or you do not have access to it.`,
  );

const quoted = (words: readonly string[], quote: string): string =>
  words.map((one) => `${quote}${one}${quote}`).join(", ");

const groqUnsupported = (name: string): RequestRefusedError =>
  new RequestRefusedError("unsupported-parameter", null, `\`${name}\` is not supported with this model`);

/** Groq's messages, from published error bodies and Groq's API reference (2026). */
export const GROQ_WORDS: ModelWords = {
  unknownModel,
  unsupported: groqUnsupported,
  noEffort: () => groqUnsupported("reasoning_effort"),
  otherEffort: (_effort, known) =>
    new RequestRefusedError("value", null, `\`reasoning_effort\` must be one of ${quoted(known, "`")}`),
  tooManyTokens: (name, _asked, most) =>
    new RequestRefusedError(
      "other",
      name,
      `\`${name}\` must be less than or equal to \`${most}\`, the maximum value for \`${name}\` is less than the \`context_window\` for this model`,
    ),
  overflow: () =>
    new RequestRefusedError("context-length", "messages", "Please reduce the length of the messages or completion."),
};

/** OpenAI's messages, from published error bodies (2026) and the error-codes page (2026-10). */
export const OPENAI_WORDS: ModelWords = {
  unknownModel,
  unsupported: (name) =>
    new RequestRefusedError(
      "unsupported-parameter",
      name,
      `Unsupported parameter: '${name}' is not supported with this model.`,
    ),
  noEffort: () =>
    new RequestRefusedError(
      "unknown",
      "reasoning_effort",
      "Unrecognized request argument supplied: reasoning_effort",
      "unrecognized",
    ),
  otherEffort: (effort, known, id) =>
    new RequestRefusedError(
      "unsupported-value",
      "reasoning_effort",
      `Unsupported value: 'reasoning_effort' does not support '${effort}' with ${id}. Supported values are: ${quoted(known, "'")}.`,
    ),
  tooManyTokens: (name, requested, most) =>
    new RequestRefusedError(
      "value",
      name,
      `${name} is too large: ${requested}. This model supports at most ${most} completion tokens, whereas you provided ${requested}.`,
    ),
  overflow: (inputTokens, contextTokens) =>
    new RequestRefusedError(
      "context-length",
      "messages",
      `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${inputTokens} tokens. Please reduce the length of the messages.`,
    ),
};
