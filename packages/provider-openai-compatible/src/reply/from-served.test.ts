import { describe, expect, it } from "vitest";
import { fromServed, NOT_SERVED } from "./from-served.ts";

const facts = { provider: "acme", name: "Acme", model: "m", callId: null, secrets: ["correct-horse-battery"] };

describe("how a reply was served", () => {
  it.each([
    ["a response", { id: "c-1", model: "m-2", service_tier: "flex" }, ["c-1", "m-2", "flex"]],
    ["one that says nothing", {}, [null, null, null]],
    ["Azure's first chunk", { id: "", model: "", service_tier: null }, [null, null, null]],
    ["one that echoes the key", { id: "correct-horse", model: "m", service_tier: "correct-horse" }, [null, "m", null]],
    ["one that is not an object", "text", [null, null, null]],
  ])("%s", (_, reply, expected) => {
    const { responseId, responseModel, serviceTier } = fromServed(reply, facts);
    expect([responseId, responseModel, serviceTier]).toEqual(expected);
  });

  it("is the first id and model of a stream, and its last tier", () => {
    const first = fromServed({ id: "c-1", model: "m", service_tier: "auto" }, facts);
    const second = fromServed({ id: "c-2", model: "other", service_tier: null }, facts, first);
    expect(second).toBe(first);
    const third = fromServed({ id: "c-1", model: "m", service_tier: "priority" }, facts, second);
    expect(third).toEqual({ responseId: "c-1", responseModel: "m", serviceTier: "priority" });
    expect(fromServed({}, facts)).toBe(NOT_SERVED);
  });
});
