import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DEFAULT_BREAKER } from "../health/breaker-config.ts";
import { failure, testBed } from "../test-support/test-bed.ts";
import type { LLMErrorCode } from "./error-code.ts";
import { type BreakerEffect, ERROR_POLICY, type ErrorPolicy, policyOf } from "./error-policy.ts";
import { LLMError } from "./llm-error.ts";

const guide = readFileSync(new URL("../../../../docs/guide/the-chain.md", import.meta.url), "utf8");
const ROWS = Object.entries(ERROR_POLICY) as [LLMErrorCode, ErrorPolicy][];

const { consecutiveFailures, minimumCalls, windowMs, credentialCoolDownMs } = DEFAULT_BREAKER;
const AFTERWARDS: Readonly<Record<BreakerEffect, string>> = {
  counts: `open after ${consecutiveFailures} in a row, or half of ${minimumCalls} within ${windowMs / 1_000} s`,
  "opens-link": `open for ${credentialCoolDownMs / 60_000} minutes`,
  "opens-credential": `open for ${credentialCoolDownMs / 60_000} minutes, with all models of this key`,
  rests: "rests for the requested time",
  alive: "counts as a success",
  none: "no change",
  released: "no change",
};

const cellsOf = ({ retry, fallback, breaker, healsWithTime }: ErrorPolicy): string => {
  const again = { false: "no", quick: "yes, the first time at once", backoff: "yes" }[`${retry}`];
  const next = { false: "no", true: "yes", "opt-in": "with `fallbackOnContentFilter`" }[`${fallback}`];
  return `${again} | ${next} | ${AFTERWARDS[breaker]} | ${healsWithTime ? "yes" : "no"} |`;
};

it("ERROR_POLICY equals the table of the guide", () => {
  const byCells = Map.groupBy(ROWS, ([, policy]) => cellsOf(policy));
  const rows = [...byCells].map(([cells, group]) => `| ${group.map(([code]) => `\`${code}\``).join(", ")} | ${cells}`);
  const table = [
    "| error | same link again | next link | the link afterwards | heals with time |",
    "|---|---|---|---|---|",
  ];
  expect(guide).toContain(`\n${[...table, ...rows].join("\n")}\n`);
});

it.each(ROWS)("%s: only errors that affect the breaker heal with time", (_, policy) => {
  const mayBeOpen = policy.breaker === "counts" || policy.breaker === "rests" || policy.breaker.startsWith("opens");
  if (policy.healsWithTime) expect(mayBeOpen).toBe(true);
  if (policy.retry !== false) expect(policy.healsWithTime).toBe(true);
});

/** A code that a newer version of this package, in an adapter or in another process, may use. */
const FUTURE = "of_the_future" as LLMErrorCode;

it("an unknown code of a newer version has the policy of invalid_response", async () => {
  expect(policyOf({ code: FUTURE })).toBe(ERROR_POLICY.invalid_response);
  for (const name of ["toString", "__proto__"]) {
    expect(policyOf({ code: name as LLMErrorCode })).toBe(ERROR_POLICY.invalid_response);
  }
  const json = { ...new LLMError({ code: "server", message: "x", retryable: false }).toJSON(), code: FUTURE };
  expect(LLMError.fromJSON(json)).toMatchObject({ code: FUTURE, retryable: false, fallback: true });
  const bed = testBed({ a: { error: failure(FUTURE) }, b: {} });
  for (let call = 0; call < 5; call += 1) {
    expect((await bed.value(bed.llm.generateText({ prompt: "x" }))).provider).toBe("b");
  }
  expect(bed.llm.health()[0]).toMatchObject({ provider: "a", state: "open", code: FUTURE });
});
