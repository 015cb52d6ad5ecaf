import type { AdminSuccess } from "../contract.ts";

const HEADERS: Readonly<Record<string, string>> = {
  "content-type": "application/x-ndjson; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // A proxy that collects the reply would hold the progress back (nginx).
  "x-accel-buffering": "no",
};

const MIN_STEP = 0.01;

/** Whether a client reads the progress of a long query. */
export const wantsProgress = ({ headers }: Request): boolean =>
  headers.get("accept")?.includes("application/x-ndjson") === true;

/**
 * A reply of lines: `{"progress":0.25}` while the work is done, and as the last line the reply itself. The status is 200 also where the last
 * line is a failure, because it has been sent before.
 */
export function toProgressResponse<T>(
  work: (onProgress: (share: number) => void) => Promise<T>,
  fail: (thrown: unknown) => Response,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let sent = -1;
      // The reader may have left: the work is aborted by the request's signal, and its last words have no reader.
      const write = (text: string) =>
        void (controller.desiredSize !== null && controller.enqueue(encoder.encode(text)));
      const onProgress = (share: number) => {
        if (share - sent < MIN_STEP) return;
        sent = share;
        write(`${JSON.stringify({ progress: Math.round(share * 100) / 100 })}\n`);
      };
      try {
        const reply: AdminSuccess<T> = { success: true, data: await work(onProgress) };
        write(`${JSON.stringify(reply)}\n`);
      } catch (thrown) {
        write(`${await fail(thrown).text()}\n`);
      }
      try {
        controller.close();
      } catch {
        // Canceled by the reader.
      }
    },
  });
  return new Response(body, { status: 200, headers: HEADERS });
}
