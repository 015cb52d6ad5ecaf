import type { FinishReason } from "@babylon/llm-core";

/** Finish reasons of both wires, and those that gateways pass through from other vendors (2026-11). Lower case, letters only. */
const WORDS: Readonly<Record<Exclude<FinishReason, "other">, string>> = {
  stop: "stop stopped stopsequence stoptoken stopword end endturn endofturn endofsequence eos eostoken complete completed finish finished done success",
  length:
    "length maxlength maxtokens maxtokensreached maxnewtokens maxoutputtokens maxcompletiontokens modellength tokenlimit contextlength contextlengthexceeded contextwindowexceeded modelcontextwindowexceeded",
  "tool-calls": "toolcalls toolcall tooluse functioncall functioncalls",
  "content-filter":
    "contentfilter contentfiltered contentpolicyviolation guardrailintervened refusal safety sensitive recitation blocklist blocked prohibitedcontent spii imagesafety language",
};

/** Words that servers send while there is no reason yet. */
const NOT_YET: ReadonlySet<string> = new Set(["null", "none", "undefined", "unspecified"]);

const REASONS: ReadonlyMap<string, FinishReason> = new Map(
  (["stop", "length", "tool-calls", "content-filter"] as const).flatMap((reason) =>
    WORDS[reason].split(" ").map((word): [string, FinishReason] => [word, reason]),
  ),
);

/** Longer words are cut before they are compared. */
const MAX_LENGTH = 100;

/** Maps a vendor's finish reason, in any case and spelling; `null` when it is unknown. */
export function finishWord(reason: string): FinishReason | null {
  return REASONS.get(lettersOf(reason)) ?? null;
}

/** Whether a word in the place of a reason means that there is none yet. */
export const isNoFinish = (reason: string): boolean => NOT_YET.has(lettersOf(reason));

const lettersOf = (reason: string): string =>
  reason
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/^finishreason/, "");
