import type { IncomingMessage } from "node:http";

/**
 * The body of a request as the web's. Taken in when it is read, so that a handler that refuses it need not. Not by the iterator of the
 * message: that ends with the next chunk only, and the client that sends none would be waited for.
 */
export function requestBody(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        new Promise<void>((resolve) => {
          const onData = (chunk: Uint8Array) => {
            incoming.pause();
            finish(() => controller.enqueue(chunk));
          };
          const onEnd = () => finish(() => controller.close());
          const onClose = () => finish(() => controller.error(new TypeError("the request was cut off")));
          stop = () => {
            incoming.off("data", onData).off("end", onEnd).off("error", onClose).off("close", onClose);
            resolve();
          };
          const finish = (settle: () => void) => {
            stop();
            settle();
          };
          // Both may have happened since the last piece.
          if (incoming.readableEnded) onEnd();
          else if (incoming.destroyed) onClose();
          else incoming.on("data", onData).on("end", onEnd).on("error", onClose).on("close", onClose).resume();
        }),
      cancel: () => stop(),
    },
    { highWaterMark: 0 },
  );
}
