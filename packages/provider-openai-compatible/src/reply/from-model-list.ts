import { type ModelInfo, NOTHING_HIDDEN } from "@babylon/llm-core";
import { arrayField, fieldOf, numberField, parseResponseJSON, responseError, stringField } from "@babylon/provider-kit";
import { errorInReply, isErrorObject, type ReplySource } from "./reply-source.ts";

/**
 * Reads the body of a successful reply of `/models`. What the provider's own data knows of a model is added; models that the vendor
 * marks as inactive (Groq), and ids with hidden characters, are left out.
 *
 * @param known - the provider's data
 * @throws LLMError `invalid_response` for anything that is no list
 */
export function fromModelList(text: string, source: ReplySource, known: readonly ModelInfo[]): ModelInfo[] {
  const reply = parseResponseJSON(text, source.response, source.facts);
  if (isErrorObject(reply)) throw errorInReply(reply, text, source);
  if (!Array.isArray(fieldOf(reply, "data"))) {
    throw responseError("invalid_response", "answered without a list of models", source.response, source.facts, reply);
  }
  const byId = new Map(known.map((info) => [info.id, info]));
  return arrayField(reply, "data").flatMap((row) => {
    const id = stringField(row, "id");
    if (id === null || !NOTHING_HIDDEN.test(id) || fieldOf(row, "active") === false) return [];
    const own = byId.get(id);
    return [
      {
        id,
        name: own?.name ?? id,
        description: own?.description ?? null,
        recommended: own?.recommended ?? false,
        contextTokens: numberField(row, "context_window") ?? own?.contextTokens ?? null,
        maxOutputTokens: numberField(row, "max_completion_tokens") ?? own?.maxOutputTokens ?? null,
        retiresAt: stringField(row, "shutdown_date") ?? own?.retiresAt ?? null,
      },
    ];
  });
}
