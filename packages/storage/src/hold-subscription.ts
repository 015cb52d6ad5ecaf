/** Called while a subscription lasts. */
export interface SubscriptionListener {
  /** Called with each message, those of this process included. */
  onMessage(message: string): void;
  /** The connection ended by itself; nothing arrives any more. Called once at most. */
  onLost(): void;
}

/** A connection that listens. */
export interface Subscription {
  /** Ends it at once; nothing is called any more. */
  close(): void;
}

/** A client whose connection is there for listening alone. */
export interface ListeningClient {
  on(event: "error" | "end", listener: () => void): unknown;
}

/** How to listen. */
export interface HeldSubscription {
  readonly client: ListeningClient;
  /** Connects and subscribes. */
  begin(): Promise<void>;
  destroy(): void;
  onLost(): void;
  /** Gives up connecting; without meaning once it listens. */
  readonly signal: AbortSignal;
}

/** Listens until it is closed or the connection is lost; what fails before it listens rejects instead. */
export async function holdSubscription(held: HeldSubscription): Promise<Subscription> {
  const { client, begin, destroy, onLost, signal } = held;
  let state: "connecting" | "listening" | "over" = "connecting";
  const close = () => {
    state = "over";
    destroy();
  };
  const lost = () => {
    const wasListening = state === "listening";
    if (state !== "over") close();
    if (wasListening) onLost();
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
  return { close };
}
