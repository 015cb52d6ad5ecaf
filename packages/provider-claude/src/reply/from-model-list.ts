import { escapeInvisible, type ModelInfo, NO_INVISIBLE_CHARACTERS } from "@babylon/llm-core";
import {
  contextTokensOf,
  fieldOf,
  modelRows,
  numberField,
  outputTokensOf,
  responseError,
  stringField,
} from "@babylon/provider-kit";
import { parseReply } from "./parse-reply.ts";
import type { ReplySource } from "./reply-source.ts";

/** One page of `GET /v1/models`. */
export interface ModelPage {
  readonly models: readonly ModelInfo[];
  /** The id after which the next page starts; `null`: this is the last page. */
  readonly next: string | null;
}

/**
 * Reads a page of the vendor's list of models. Entries without a visible id, and retired models, are omitted.
 *
 * @param known - completes the facts of the list
 * @throws LLMError `invalid_response` if the body is not a list, and the error of an error object
 */
export function fromModelList(text: string, source: ReplySource, known: readonly ModelInfo[]): ModelPage {
  const page = parseReply(text, source);
  const rows = modelRows(page);
  if (rows === null) {
    throw responseError(
      "invalid_response",
      "answered with a body that is not a list",
      source.response,
      source.facts,
      page,
    );
  }
  return {
    models: rows.flatMap((entry) => toModel(entry, known)),
    next: fieldOf(page, "has_more") === true ? stringField(page, "last_id") : null,
  };
}

function toModel(entry: unknown, models: readonly ModelInfo[]): readonly ModelInfo[] {
  const id = stringField(entry, "id");
  if (id === null || !NO_INVISIBLE_CHARACTERS.test(id) || stringField(entry, "lifecycle") === "retired") return [];
  const known = models.find((model) => model.id === id);
  const retiresAt = stringField(entry, "retires_at");
  return [
    {
      id,
      name: escapeInvisible(stringField(entry, "display_name") ?? known?.name ?? id),
      description: known?.description ?? null,
      recommended: known?.recommended ?? false,
      contextTokens: contextTokensOf(entry) ?? known?.contextTokens ?? null,
      maxOutputTokens:
        outputTokensOf(entry) ?? positive(numberField(entry, "max_tokens")) ?? known?.maxOutputTokens ?? null,
      // RFC 3339; only the date is used.
      retiresAt: retiresAt?.slice(0, 10) ?? null,
    },
  ];
}

const positive = (count: number | null): number | null => (count === null || count <= 0 ? null : count);
