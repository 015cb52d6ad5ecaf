import type { FinishReason } from "@babylon/llm-core";

/** Finish reasons of both wires, and those that gateways pass through from other vendors (2026-11). Lower case, letters only. */
const WORDS: Readonly<Record<Exclude<FinishReason, "other">, string>> = {
  stop: "stop stopsequence endturn eos eostoken end stoptoken complete completed finish finished done success",
  length:
    "length maxtokens maxoutputtokens maxlength modellength maxnewtokens tokenlimit modelcontextwindowexceeded contextwindowexceeded contextlength",
  "tool-calls": "toolcalls toolcall tooluse functioncall functioncalls",
  "content-filter":
    "contentfilter contentfiltered refusal safety recitation blocklist prohibitedcontent spii sensitive guardrailintervened imagesafety language",
};

const REASONS: ReadonlyMap<string, FinishReason> = new Map(
  (["stop", "length", "tool-calls", "content-filter"] as const).flatMap((reason) =>
    WORDS[reason].split(" ").map((word): [string, FinishReason] => [word, reason]),
  ),
);

/** Longer words are cut before they are compared. */
const MAX_LENGTH = 100;

/** Maps a vendor's finish reason, in any case and spelling; `null` when it is unknown. */
export function finishWord(reason: string): FinishReason | null {
  const word = reason
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  return REASONS.get(word) ?? null;
}
