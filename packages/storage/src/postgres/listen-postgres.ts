import { openSubscription, type Subscription, type SubscriptionListener } from "../open-subscription.ts";
import { quoteIdentifier } from "../quote-identifier.ts";
import { destroyPgClient, type PgDriver } from "./pg-driver.ts";

/**
 * Receives the notifications of a channel (`LISTEN`) over a connection of its own. Rejects with the driver's error.
 *
 * @param clientOptions - options of node-postgres, with URL and time limits
 */
export function listenPostgres(
  { Client }: PgDriver,
  clientOptions: object,
  channel: string,
  { onMessage, onLost }: SubscriptionListener,
  signal: AbortSignal,
): Promise<Subscription> {
  const client = new Client(clientOptions);
  client.on("notification", (event) => {
    if (typeof event !== "object" || event === null || !("payload" in event)) return;
    if (typeof event.payload === "string") onMessage(event.payload);
  });
  const subscribe = async () => {
    await client.connect();
    client.unref();
    await client.query(`LISTEN ${quoteIdentifier(channel)}`);
  };
  return openSubscription({ client, subscribe, destroy: () => destroyPgClient(client), onLost, signal });
}
