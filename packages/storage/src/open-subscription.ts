/** Callbacks of a subscription. */
export interface SubscriptionListener {
  /** Called with each message, including messages that this process published. */
  onMessage(message: string): void;
  /** The connection was lost; no more messages arrive. Called at most once. */
  onLost(): void;
}

/** An open subscription. */
export interface Subscription {
  /** Closes the connection at once; no callback runs after this. */
  close(): void;
}

/** The part of a driver's client that is used here. Its connection serves this subscription only. */
export interface ListeningClient {
  on(event: "error" | "end", listener: () => void): unknown;
}

/** How to open and close a subscription. */
export interface SubscriptionSetup {
  readonly client: ListeningClient;
  /** Connects and subscribes. */
  subscribe(): Promise<void>;
  destroy(): void;
  onLost(): void;
  /** Cancels connecting; has no effect once the subscription is open. */
  readonly signal: AbortSignal;
}

/** Opens a subscription that lasts until it is closed or its connection is lost. Rejects with the driver's error when opening fails. */
export async function openSubscription(setup: SubscriptionSetup): Promise<Subscription> {
  const { client, subscribe, destroy, onLost, signal } = setup;
  let state: "connecting" | "open" | "closed" = "connecting";
  const close = () => {
    state = "closed";
    destroy();
  };
  const handleLoss = () => {
    const wasOpen = state === "open";
    if (state !== "closed") close();
    if (wasOpen) onLost();
  };
  client.on("error", handleLoss);
  client.on("end", handleLoss);
  signal.addEventListener("abort", close, { once: true });
  try {
    await subscribe();
  } catch (thrown) {
    close();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", close);
  }
  state = "open";
  return { close };
}
