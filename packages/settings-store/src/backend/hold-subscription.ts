import type { BusConnection } from "./backend.ts";

/** A client whose connection is there for listening alone. */
export interface ListeningClient {
  on(event: "error" | "end", listener: () => void): unknown;
}

/** How a backend listens. */
export interface SubscriptionOptions {
  readonly client: ListeningClient;
  /** Connects and subscribes. */
  begin(): Promise<void>;
  readonly send: BusConnection["send"];
  destroy(): void;
  /** Called once, when a connection that listened ends by itself. */
  onLost(): void;
  /** Gives up connecting; without meaning once it listens. */
  readonly signal: AbortSignal;
}

/** Listens until it is closed or the connection is lost; what fails before it listens rejects instead. */
export async function holdSubscription(options: SubscriptionOptions): Promise<BusConnection> {
  const { client, begin, send, destroy, onLost, signal } = options;
  let state: "connecting" | "listening" | "over" = "connecting";
  const close = () => {
    state = "over";
    destroy();
  };
  const lost = () => {
    const told = state === "listening";
    if (state !== "over") close();
    if (told) onLost();
  };
  client.on("error", lost);
  client.on("end", lost);
  signal.addEventListener("abort", close, { once: true });
  try {
    await begin();
  } catch (thrown) {
    close();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", close);
  }
  state = "listening";
  return {
    send,
    async close() {
      close();
    },
  };
}
