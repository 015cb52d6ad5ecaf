import { createHash } from "node:crypto";
import { toWellFormed } from "@babylon/llm-core";
import type { CompiledBudget, MatchedRule, ScopeField, ScopeValues } from "./compiled-budget.ts";

/** Five values of this length fit into the key of a window. */
const MAX_VALUE_CHARS = 60;

/** A value in a key: without separators and control characters, and of limited length. */
function inKey(value: string): string {
  const encoded = encodeURIComponent(toWellFormed(value)).replaceAll("~", "%7E");
  if (encoded.length <= MAX_VALUE_CHARS) return encoded;
  return `~${createHash("sha256")
    .update(value)
    .digest("hex")
    .slice(0, MAX_VALUE_CHARS - 1)}`;
}

/** The key of a rule's windows for some values, without their start. */
export function seriesOf({ keyPrefix }: CompiledBudget, subject: MatchedRule["subject"]): string {
  const values = Object.entries(subject).map(([field, value]) => `${field}=${inKey(value)}`);
  return `${keyPrefix}${values.join(",")}|`;
}

/** The values of a rule's series; `null`: the text is not a series of the rule. A value that was too long for a key is a hash. */
export function subjectOf({ fields, keyPrefix }: CompiledBudget, series: string): MatchedRule["subject"] | null {
  if (!series.startsWith(keyPrefix) || !series.endsWith("|")) return null;
  const text = series.slice(keyPrefix.length, -1);
  const parts = text === "" ? [] : text.split(",");
  if (parts.length !== fields.length) return null;
  const subject: Partial<Record<ScopeField, string>> = {};
  for (const [index, [field, wanted]] of fields.entries()) {
    const [name, encoded = ""] = parts[index]?.split("=") ?? [];
    if (name !== field || (wanted !== "*" && encoded !== inKey(wanted))) return null;
    try {
      subject[field] = wanted === "*" ? decodeURIComponent(encoded) : wanted;
    } catch {
      return null;
    }
  }
  return subject;
}

/** The rules that count an attempt. An attempt without a value of a named field is not counted. */
export function matchRules(rules: readonly CompiledBudget[], values: ScopeValues): readonly MatchedRule[] {
  return rules.flatMap((compiled) => {
    const subject: Partial<Record<ScopeField, string>> = {};
    for (const [field, wanted] of compiled.fields) {
      const value = values[field];
      if (value === null || (wanted !== "*" && wanted !== value)) return [];
      subject[field] = value;
    }
    return [{ compiled, subject, series: seriesOf(compiled, subject) }];
  });
}
