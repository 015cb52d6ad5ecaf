import type { CallRecord } from "@babylon/llm-core";
import { formatUsd } from "@babylon/llm-core/status";
import { alignTable } from "./align-table.ts";
import { formatElapsed } from "./format-elapsed.ts";
import { countAll, countByProvider, type KnownSum, type ProviderStats } from "./provider-stats.ts";

const HEAD = [
  "provider",
  "served",
  "requests",
  "failed",
  "retries",
  "fell back",
  "tokens in",
  "tokens out",
  "cost",
  "p50",
  "p95",
];

/**
 * The table at the end of a tick, in lines.
 *
 * @param names - the providers by id, in the order of the chain, with their display names
 */
export function resultTable(records: readonly CallRecord[], names: ReadonlyMap<string, string>): string[] {
  const stats = countByProvider(records, [...names.keys()]);
  const all = countAll(records);
  const rows = [...stats].map(([id, one]) => row(names.get(id) ?? id, one));
  const lines = alignTable(HEAD, [...rows, row("all", all)]);
  return [...lines, ...footnotes(all)];
}

function row(name: string, stats: ProviderStats): string[] {
  const { served, attempts, failed, retries, fallbacks } = stats;
  return [
    name,
    ...[served, attempts, failed, retries, fallbacks].map(count),
    tokens(stats.inputTokens),
    tokens(stats.outputTokens),
    cost(stats.nanoUsd),
    stats.p50Ms === null ? "-" : formatElapsed(stats.p50Ms),
    stats.p95Ms === null ? "-" : formatElapsed(stats.p95Ms),
  ];
}

const count = (value: number): string => value.toLocaleString("en-US");

function tokens({ known, unknown }: KnownSum): string {
  if (unknown === 0) return count(known);
  return known === 0 ? "unknown" : `${count(known)} + ?`;
}

function cost({ known, unknown }: KnownSum): string {
  if (unknown === 0) return formatUsd(known, "exact");
  return known === 0 ? "unknown" : `${formatUsd(known, "exact")} + ?`;
}

function footnotes(all: ProviderStats): string[] {
  const unknown = Math.max(all.inputTokens.unknown, all.outputTokens.unknown);
  const notes = ["Times are of successful requests."];
  if (unknown === 1) notes.push("The tokens of one request are unknown.");
  if (unknown > 1) notes.push(`The tokens of ${count(unknown)} requests are unknown.`);
  const unpriced = all.nanoUsd.unknown;
  if (unpriced === 1) notes.push("The cost of one request is unknown.");
  if (unpriced > 1) notes.push(`The costs of ${count(unpriced)} requests are unknown.`);
  return ["", notes.join(" ")];
}
