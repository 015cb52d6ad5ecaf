/**
 * A body that is encoded while it is read: nothing is read ahead, so the call starts with the first read. A failure of the events fails
 * the body, and canceling the body ends the events.
 *
 * @param encode - the text of an event; empty: nothing is sent for it
 */
export function streamBody<T>(
  events: AsyncIterator<T, undefined>,
  encode: (event: T) => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await events.next();
          if (done === true) return controller.close();
          const text = encode(value);
          if (text !== "") return controller.enqueue(encoder.encode(text));
        }
      },
      async cancel() {
        await events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
