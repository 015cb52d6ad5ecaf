import type { FinishReason } from "@babylon/llm-core";

/** What the wires call their reasons, and what servers with another wire behind them pass on (2026-11). In small letters, without marks. */
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

/** Longer than any reason. */
const MAX_LENGTH = 100;

/** A vendor's reason for the end of an answer in the common vocabulary, in any case and spelling; `null` where it is not known. */
export function finishWord(reason: string): FinishReason | null {
  const word = reason
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  return REASONS.get(word) ?? null;
}
