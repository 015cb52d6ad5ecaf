import { isLLMError, type StreamPart } from "@babylon/llm-core";
import { expect } from "vitest";
import type { ContractBench } from "./contract-bench.ts";

/** Cancellation: the socket closes immediately, and no resources remain. */
export function testAborts(bench: ContractBench): void {
  const { test } = bench;

  /** A provider rejects with the signal's reason, or with `aborted`. */
  const expectAborted = (error: unknown, reason: unknown): void => {
    expect(error === reason || isLLMError(error, "aborted"), String(error)).toBe(true);
  };

  const expectLeft = async (): Promise<void> => {
    const { id } = await bench.server.waitForRequest();
    expect((await bench.server.waitForClosed(id)).outcome).toBe("aborted-by-client");
  };

  test("an abort before the head closes the socket and rejects, streamed and as JSON", async () => {
    for (const transport of ["stream", "json"] as const) {
      bench.server.reset();
      bench.server.setFault({ kind: "hang" });
      const controller = new AbortController();
      const context = bench.context({ signal: controller.signal });
      const reason = new Error("enough");
      const pending = bench.rejection(
        transport === "stream"
          ? bench.provider().stream(bench.request(), context)[Symbol.asyncIterator]().next()
          : bench.provider().generate(bench.request(), context),
      );
      await bench.server.waitForRequest();
      controller.abort(reason);
      expectAborted(await pending, reason);
      await expectLeft();
    }
  });

  test("an abort in the middle closes the socket and rejects, streamed and as JSON", async () => {
    for (const transport of ["stream", "json"] as const) {
      bench.server.reset();
      bench.server.setFault({ kind: "stall", afterParts: 2 });
      const controller = new AbortController();
      const reason = new Error("enough");
      const parts: StreamPart[] = [];
      const onResponse = (): void => {
        // The head has arrived, and the part of the body that the server sends before it stalls.
        if (transport === "json") setImmediate(() => controller.abort(reason));
      };
      const context = bench.context({ signal: controller.signal, onResponse });
      const read = async (): Promise<void> => {
        for await (const part of bench.provider().stream(bench.request(), context)) {
          parts.push(part);
          if (parts.length === 2) queueMicrotask(() => controller.abort(reason));
        }
      };
      const work = transport === "stream" ? read() : bench.provider().generate(bench.request(), context);
      expectAborted(await bench.rejection(work), reason);
      await expectLeft();
      expect(parts.some(({ type }) => type === "finish")).toBe(false);
    }
  });

  test("an abort before the request sends nothing", async () => {
    const reason = new Error("too late");
    const context = bench.context({ signal: AbortSignal.abort(reason) });
    const streamed = await bench.collect(bench.request(), context);
    expectAborted(streamed.error, reason);
    expectAborted(await bench.rejection(bench.provider().generate(bench.request(), context)), reason);
    expect(bench.server.requests).toEqual([]);
  });

  test("a reader that breaks out closes the socket", async () => {
    bench.server.setFault({ kind: "stall", afterParts: 2 });
    for await (const _ of bench.provider().stream(bench.request(), bench.context())) break;
    await expectLeft();
  });

  test("a reader that throws closes the socket", async () => {
    bench.server.setFault({ kind: "stall", afterParts: 2 });
    const read = async (): Promise<void> => {
      for await (const _ of bench.provider().stream(bench.request(), bench.context())) throw new Error("of the reader");
    };
    await expect(read()).rejects.toThrow("of the reader");
    await expectLeft();
  });

  test("a stream that is never read sends nothing", async () => {
    const iterator = bench.provider().stream(bench.request(), bench.context())[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(bench.server.requests).toEqual([]);
  });
}
