import type { FakeClock } from "@babylon/llm-testing";
import { describe, expect, test, vi } from "vitest";
import { startAdmin, TOKEN } from "../test-support/start-admin.ts";

const encoder = new TextEncoder();

/** A request whose body is sent in chunks, and its outcome. */
function startSlowBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let canceled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      canceled = true;
      // A body that cannot be canceled does not delay the response.
      return new Promise(() => {});
    },
  });
  const request = new Request("http://admin.test/api/admin/ai-models", {
    method: "PUT",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body,
    duplex: "half",
  } as RequestInit);
  return {
    request,
    push: (text: string) => controller?.enqueue(encoder.encode(text)),
    end: () => controller?.close(),
    isCanceled: () => canceled,
  };
}

/** Resolves when the body is being read: `authorize` hashes the token in a separate thread first. */
const bodyIsRead = (clock: FakeClock) => vi.waitFor(() => expect(clock.pendingTimers()).toBe(1), { interval: 1 });

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a slow body", () => {
  test.each([
    [undefined, 10_000],
    [500, 500],
  ])("is rejected at the time limit for the whole body: %s", async (bodyTimeoutMs, limitMs) => {
    const { handler, settings, clock } = startAdmin({ bodyTimeoutMs });
    const { request, push, isCanceled } = startSlowBody();
    let answered = false;
    const answer = handler(request).then((response) => {
      answered = true;
      return response;
    });
    await bodyIsRead(clock);
    for (let piece = 0; piece < 9; piece++) {
      await turn();
      push(" ");
      await clock.advance(limitMs / 10);
    }
    await turn();
    expect(answered).toBe(false);
    await clock.advance(limitMs / 10);
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([408, { success: false, code: "body_timeout" }]);
    expect(isCanceled()).toBe(true);
    expect(settings.peek().version).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  test("is accepted if it ends in time, and leaves no timer", async () => {
    const { handler, settings, clock } = startAdmin();
    const { request, push, end } = startSlowBody();
    const answer = handler(request);
    push('{"wandbModel":');
    await bodyIsRead(clock);
    await clock.advance(9_000);
    push('"wandb/other"}');
    end();
    expect((await answer).status).toBe(200);
    expect(settings.peek().value.providers).toEqual({ wandb: { model: "wandb/other" } });
    expect(clock.pendingTimers()).toBe(0);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "requires a valid time limit: %s",
    (bodyTimeoutMs) => {
      expect(() => startAdmin({ bodyTimeoutMs })).toThrow(TypeError);
    },
  );
});
