import { type ModelInfo, NOTHING_HIDDEN, showHidden } from "@babylon/llm-core";
import { arrayField, fieldOf, numberField, responseError, stringField } from "@babylon/provider-kit";
import { parseReply } from "./parse-reply.ts";
import type { ReplySource } from "./reply-source.ts";

/** One page of `GET /v1/models`. */
export interface ModelPage {
  readonly models: readonly ModelInfo[];
  /** The id behind which the next page begins; `null`: this was the last. */
  readonly next: string | null;
}

/**
 * Reads a page of the vendor's list of models. Entries without an id that can be seen, and those that are retired, are left out.
 *
 * @param known - says of a model what the list does not
 * @throws LLMError `invalid_response` for anything that is no list, and what an error object in its place means
 */
export function fromModelList(text: string, source: ReplySource, known: readonly ModelInfo[]): ModelPage {
  const page = parseReply(text, source);
  if (!Array.isArray(fieldOf(page, "data"))) {
    throw responseError(
      "invalid_response",
      "answered with something that is no list",
      source.response,
      source.facts,
      page,
    );
  }
  return {
    models: arrayField(page, "data").flatMap((entry) => toModel(entry, known)),
    next: fieldOf(page, "has_more") === true ? stringField(page, "last_id") : null,
  };
}

function toModel(entry: unknown, models: readonly ModelInfo[]): readonly ModelInfo[] {
  const id = stringField(entry, "id");
  if (id === null || !NOTHING_HIDDEN.test(id) || stringField(entry, "lifecycle") === "retired") return [];
  const known = models.find((model) => model.id === id);
  const retiresAt = stringField(entry, "retires_at");
  return [
    {
      id,
      name: showHidden(stringField(entry, "display_name") ?? known?.name ?? id),
      description: known?.description ?? null,
      recommended: known?.recommended ?? false,
      contextTokens: numberField(entry, "max_input_tokens") ?? known?.contextTokens ?? null,
      maxOutputTokens: numberField(entry, "max_tokens") ?? known?.maxOutputTokens ?? null,
      // RFC 3339; the day is what matters.
      retiresAt: retiresAt?.slice(0, 10) ?? null,
    },
  ];
}
