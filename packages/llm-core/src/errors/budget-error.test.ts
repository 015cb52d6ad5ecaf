import { describe, expect, it } from "vitest";
import { failure, testBed } from "../test-support/test-bed.ts";
import { budgetError } from "./budget-error.ts";
import type { GateRefusal } from "./error-details.ts";
import { isLLMError } from "./llm-error.ts";

const refusal = (provider: string, facts: Partial<GateRefusal> = {}): GateRefusal => ({
  provider,
  model: `${provider}-model`,
  why: `rule of ${provider}`,
  retryAfterMs: null,
  ...facts,
});
const ask = { prompt: "hello" };

describe("the message names the rule and whether waiting helps", () => {
  it.each<[string, readonly GateRefusal[], string, number | null]>([
    ["it does not", [refusal("a")], "a/a-model: rule of a (waiting does not help)", null],
    ["it does", [refusal("a", { retryAfterMs: 1_500 })], "a/a-model: rule of a (again in 2 s)", 1_500],
    [
      "for one of two",
      [refusal("a"), refusal("b", { retryAfterMs: 9_000 })],
      "a/a-model: rule of a (waiting does not help); b/b-model: rule of b (again in 9 s)",
      9_000,
    ],
    [
      "for both, the sooner one counts",
      [refusal("a", { retryAfterMs: 60_000 }), refusal("b", { retryAfterMs: 9_000 })],
      "a/a-model: rule of a (again in 60 s); b/b-model: rule of b (again in 9 s)",
      9_000,
    ],
    [
      "not a number",
      [refusal("a", { retryAfterMs: Number.NaN })],
      "a/a-model: rule of a (waiting does not help)",
      null,
    ],
  ])("%s", (_, refusals, message, retryAfterMs) => {
    const error = budgetError(refusals, "call-1");
    expect(error).toMatchObject({ code: "budget", retryAfterMs, callId: "call-1", retryable: false, fallback: true });
    expect(error.message).toBe(`refused before the request: ${message}`);
  });

  it("contains no key", () => {
    const error = budgetError([refusal("a", { why: "key sk-abcdefgh12345678 is spent" })], null);
    expect(JSON.stringify(error)).not.toContain("abcdefgh");
    expect(error.message).not.toContain("abcdefgh");
  });

  it("names the link if there is only one", () => {
    expect(budgetError([refusal("a")], null)).toMatchObject({ provider: "a", model: "a-model" });
    expect(budgetError([refusal("a"), refusal("b")], null)).toMatchObject({ provider: null, model: null });
  });
});

describe("a refused link", () => {
  const refused = (provider: string, facts?: Partial<GateRefusal>) => ({
    error: () => budgetError([refusal(provider, facts)], null),
  });

  it("is not tried again; the next link is; its breaker does not count the refusal", async () => {
    const bed = testBed({ a: refused("a", { retryAfterMs: 10 }), b: {} });
    for (let call = 0; call < 10; call += 1) {
      expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("b");
    }
    expect(bed.called.filter((id) => id === "a")).toHaveLength(10);
    expect(bed.llm.health()[0]).toMatchObject({ provider: "a", state: "closed" });
  });

  it("fails the call with budget if it is the only link", async () => {
    const bed = testBed({ a: refused("a") });
    const error = await bed.error(bed.llm.generateText(ask));
    expect(error).toMatchObject({ code: "budget", refusals: [refusal("a")] });
    expect(bed.records).toMatchObject([{ outcome: "failed", error: { code: "budget" } }]);
  });

  it("fails the call with budget if all links are refused", async () => {
    const bed = testBed({ a: refused("a"), b: refused("b", { retryAfterMs: 5_000 }) });
    const error = await bed.error(bed.llm.generateText({ ...ask, callId: "call-1" }));
    expect(error).toMatchObject({ code: "budget", callId: "call-1", retryAfterMs: 5_000 });
    expect(isLLMError(error, "budget") && error.refusals).toEqual([
      refusal("a"),
      refusal("b", { retryAfterMs: 5_000 }),
    ]);
  });

  it("is in the error if another link failed", async () => {
    const bed = testBed({ a: refused("a"), b: { error: failure("auth") } });
    const error = await bed.error(bed.llm.generateText(ask));
    expect(isLLMError(error, "all_failed") && error.errors.map(({ code }) => code)).toEqual(["budget", "auth"]);
    expect(error.message).toContain("a/a-model: budget (rule of a)");
  });
});
