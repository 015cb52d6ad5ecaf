import { createClient } from "@redis/client";

/** Deletes everything in a Redis. */
export async function emptyRedis(url: string): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  await client.flushAll();
  client.destroy();
}
