import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { DEFAULT_MAX_RESPONSE_BYTES, type Provider } from "../../contract/provider.ts";
import { createLLMClient } from "../../create-llm-client.ts";
import { failure, testBed } from "../../test-support/test-bed.ts";

describe("maxResponseBytes", () => {
  it.each([
    [{}, 64 * 1024 * 1024],
    [{ maxResponseBytes: undefined }, DEFAULT_MAX_RESPONSE_BYTES],
    [{ maxResponseBytes: 1_000 }, 1_000],
  ])("%o reaches the adapter by either transport", async (options, expected) => {
    const bed = testBed({ a: {} }, options);
    for (const transport of ["stream", "json"] as const) {
      await bed.value(bed.llm.generateText({ prompt: "?", transport }));
    }
    expect(bed.provider("a").calls.map(({ context }) => context.maxResponseBytes)).toEqual([expected, expected]);
  });

  it("reaches the list of models", async () => {
    const seen: unknown[] = [];
    const listing: Provider = {
      ...mockProvider({ id: "a" }),
      listModels: async ({ maxResponseBytes }) => {
        seen.push(maxResponseBytes);
        return [];
      },
    };
    await createLLMClient({ providers: [listing], env: {}, maxResponseBytes: 1_000 }).listModels("a");
    expect(seen).toEqual([1_000]);
  });

  it("a response that was too large is not asked for again, and the next link serves", async () => {
    const tooLarge = failure("invalid_response", { retryable: false });
    const bed = testBed({ a: { error: tooLarge }, b: {} });
    const result = await bed.value(bed.llm.generateText({ prompt: "?" }));
    expect(result.provider).toBe("b");
    expect(bed.called).toEqual(["a", "b"]);
  });
});
