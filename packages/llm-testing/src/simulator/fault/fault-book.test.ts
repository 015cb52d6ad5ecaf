import { describe, expect, it } from "vitest";
import type { Fault, FaultRule } from "./fault.ts";
import { createFaultBook, type FaultSubject } from "./fault-book.ts";

const hang: Fault = { kind: "hang" };
const empty: Fault = { kind: "empty" };
const subject: FaultSubject = { provider: "groq", endpoint: "chat", model: "m", callId: "c1", prompt: "p" };

/** The numbers of the requests, from 1, to which a rule applies. */
function struck(rule: Omit<FaultRule, "provider" | "fault">, count = 8, seed = 1): number[] {
  const book = createFaultBook([{ provider: "groq", fault: hang, ...rule }], seed);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return numbers.filter(() => book.strike(subject) !== null);
}

describe("a rule applies to", () => {
  it.each<[string, Omit<FaultRule, "provider" | "fault">, number[]]>([
    ["every request", {}, [1, 2, 3, 4, 5, 6, 7, 8]],
    ["the n-th", { nth: 3 }, [3]],
    ["a range", { nth: { from: 2, to: 4 } }, [2, 3, 4]],
    ["from one on", { nth: { from: 7 } }, [7, 8]],
    ["so often", { times: 2 }, [1, 2]],
    ["so often in a range", { nth: { from: 3 }, times: 2 }, [3, 4]],
    ["another model never", { model: "other" }, []],
    ["another endpoint never", { endpoint: "models" }, []],
    ["with probability 0 never", { probability: 0 }, []],
  ])("%s", (_, rule, expected) => {
    expect(struck(rule)).toEqual(expected);
  });

  it("requests with a probability, the same ones for the same seed", () => {
    const first = struck({ probability: 0.3 }, 1_000);
    expect(first).toEqual(struck({ probability: 0.3 }, 1_000));
    expect(first).not.toEqual(struck({ probability: 0.3 }, 1_000, 2));
    expect(first.length).toBeGreaterThan(250);
    expect(first.length).toBeLessThan(350);
  });

  it.each(["call", "prompt"] as const)("all requests of a %s in the same way", (per) => {
    const book = createFaultBook([{ provider: "groq", fault: hang, probability: 0.5, per }], 1);
    const fates = Array.from({ length: 40 }, (_, index) => {
      const one = { ...subject, callId: `c${index}`, prompt: `p${index}` };
      const tries = [book.strike(one), book.strike(one), book.strike(one)].map((found) => found !== null);
      expect(new Set(tries).size).toBe(1);
      return tries[0];
    });
    expect(new Set(fates).size).toBe(2);
  });
});

describe("the book", () => {
  it("applies the first matching rule, and counts the request for all rules of its scope", () => {
    const book = createFaultBook(
      [
        { provider: "groq", fault: hang, nth: 2 },
        { provider: "groq", fault: empty, nth: { from: 2 } },
      ],
      1,
    );
    const kinds = [1, 2, 3].map(() => book.strike(subject)?.fault.kind ?? null);
    expect(kinds).toEqual([null, "hang", "empty"]);
  });

  it("puts a new rule first, replaces one of the same scope, keeps those of another", () => {
    const book = createFaultBook([{ provider: "groq", fault: empty }], 1);
    book.set({ provider: "groq", fault: hang, nth: 1 });
    book.set({ provider: "groq", fault: { kind: "html" }, nth: 2 });
    expect([1, 2, 3].map(() => book.strike(subject)?.fault.kind)).toEqual(["hang", "html", "empty"]);
    book.set({ provider: "groq", fault: { kind: "no-done" } });
    expect(book.strike(subject)?.fault.kind).toBe("no-done");
  });

  it("clears a provider, a model, everything, and is reset to the initial rules", () => {
    const book = createFaultBook([{ provider: "groq", fault: empty, times: 1 }], 1);
    book.set({ provider: "groq", model: "m", fault: hang });
    book.clear("groq", { model: "m" });
    expect(book.strike(subject)?.fault.kind).toBe("empty");
    expect(book.strike(subject)).toBeNull();
    book.set({ provider: "groq", fault: hang });
    book.clear("groq", {});
    expect(book.strike(subject)).toBeNull();
    book.reset();
    expect(book.strike(subject)?.fault.kind).toBe("empty");
    book.clearAll();
    expect(book.strike(subject)).toBeNull();
  });

  it("reports how often a rule applied before", () => {
    const book = createFaultBook([{ provider: "groq", fault: hang }], 1);
    expect([book.strike(subject)?.before, book.strike(subject)?.before]).toEqual([0, 1]);
  });
});
