import { type ModelInfo, NO_INVISIBLE_CHARACTERS } from "@babylon/llm-core";
import {
  contextTokensOf,
  fieldOf,
  isErrorObject,
  modelRows,
  outputTokensOf,
  parseResponseJSON,
  responseError,
  stringField,
} from "@babylon/provider-kit";
import { errorInReply, type ReplySource } from "./reply-source.ts";

/**
 * Reads the body of a successful reply of `/models`. Missing facts are completed from the provider's data. Models that the vendor marks as
 * inactive (Groq), and ids with invisible characters, are omitted.
 *
 * @param known - the provider's data
 * @throws LLMError `invalid_response` if the body is not a list
 */
export function fromModelList(text: string, source: ReplySource, known: readonly ModelInfo[]): ModelInfo[] {
  const reply = parseResponseJSON(text, source.response, source.facts);
  if (isErrorObject(reply)) throw errorInReply(reply, text, source);
  const rows = modelRows(reply);
  if (rows === null) {
    throw responseError("invalid_response", "answered without a list of models", source.response, source.facts, reply);
  }
  const byId = new Map(known.map((info) => [info.id, info]));
  return rows.flatMap((row) => {
    const id = stringField(row, "id");
    if (id === null || !NO_INVISIBLE_CHARACTERS.test(id) || fieldOf(row, "active") === false) return [];
    const own = byId.get(id);
    return [
      {
        id,
        name: own?.name ?? id,
        description: own?.description ?? null,
        recommended: own?.recommended ?? false,
        contextTokens: contextTokensOf(row) ?? own?.contextTokens ?? null,
        maxOutputTokens: outputTokensOf(row) ?? own?.maxOutputTokens ?? null,
        retiresAt: stringField(row, "shutdown_date") ?? own?.retiresAt ?? null,
      },
    ];
  });
}
