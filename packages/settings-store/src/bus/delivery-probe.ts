import type { Clock } from "@babylon/llm-core";
import { withDeadline } from "@babylon/storage/time";
import type { BusConnection } from "../backend/backend.ts";
import { encodeBusMessage } from "./bus-message.ts";

/** `arrived`: the message arrived. `silent`: it was published and did not arrive. `refused`: publishing failed. */
export type ProbeResult = "arrived" | "silent" | "refused";

/** Tests whether messages arrive, with a message that this process sends to itself. */
export interface DeliveryProbe {
  /** Records a received message of any sender. */
  receive(message: string): void;
  /** Sends a message and waits for it. */
  request(send: NonNullable<BusConnection["send"]>, limitMs: number): Promise<ProbeResult>;
  /**
   * The same for a connection that delivered before: a message of another process since the last test also counts. So of many processes
   * only a few send.
   */
  repeat(send: NonNullable<BusConnection["send"]>, limitMs: number): Promise<ProbeResult>;
  /** Ends a test in progress. */
  close(): void;
}

/** @param origin - the id of this store in messages */
export function createDeliveryProbe(clock: Clock, origin: string): DeliveryProbe {
  let requests = 0;
  let hasArrived = false;
  let awaited: { readonly message: string; arrive(): void } | undefined;

  const request: DeliveryProbe["request"] = async (send, limitMs) => {
    // No write creates version 0, so every receiver ignores the message.
    const message = encodeBusMessage({ version: 0, writeId: String(++requests), origin });
    const { promise, resolve } = Promise.withResolvers<void>();
    awaited = { message, arrive: resolve };
    hasArrived = false;
    let isSent = false;
    const onTimeout = () => new Error("the message did not arrive in time");
    try {
      await withDeadline({ clock, limitMs, background: true, onTimeout }, async (signal) => {
        await send(message, signal);
        isSent = true;
        await promise;
      });
      hasArrived = false;
      return "arrived";
    } catch {
      return isSent ? "silent" : "refused";
    }
  };

  return {
    receive(message) {
      hasArrived = true;
      if (awaited?.message === message) awaited.arrive();
    },
    request,
    async repeat(send, limitMs) {
      const result = hasArrived ? "arrived" : await request(send, limitMs);
      const anyArrived = hasArrived;
      hasArrived = false;
      return anyArrived ? "arrived" : result;
    },
    close() {
      awaited?.arrive();
    },
  };
}
