import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { DeliveryStep } from "../fault/delivery.ts";
import { sendFlood } from "./send-flood.ts";

/** Number of writes of a normal stream: enough to be a stream, few enough to be cheap. */
const STREAM_WRITES = 4;
/** Delay between the last byte and a reset, so that the byte is not lost with the connection. */
const BEFORE_RESET_MS = 5;

/** Executes the steps of a reply; returns early if the client disconnects. */
export async function deliver(
  response: ServerResponse,
  steps: readonly DeliveryStep[],
  splitBytes: number | null,
): Promise<void> {
  if (splitBytes !== null) return deliverSlowly(response, steps, splitBytes);
  const [head, ...rest] = steps;
  const texts: string[] = [];
  for (const step of rest) {
    if (step.do === "write") texts.push(step.text);
    else if (step.do !== "end") return deliverSlowly(response, steps, null);
  }
  // Fast path without a promise.
  if (head?.do !== "head") return deliverSlowly(response, steps, null);
  sendHead(response, head);
  const size = Math.max(1, Math.ceil(texts.length / STREAM_WRITES));
  for (let from = 0; from + size < texts.length; from += size) response.write(texts.slice(from, from + size).join(""));
  const last = texts.length === 0 ? 0 : Math.floor((texts.length - 1) / size) * size;
  response.end(texts.slice(last).join(""));
}

function sendHead(response: ServerResponse, { head, length }: Extract<DeliveryStep, { do: "head" }>): void {
  response.writeHead(head.status, length === null ? head.headers : { ...head.headers, "content-length": length });
}

async function deliverSlowly(
  response: ServerResponse,
  steps: readonly DeliveryStep[],
  splitBytes: number | null,
): Promise<void> {
  for (const step of steps) {
    // The client disconnected since the last step.
    if (response.closed || response.destroyed) return;
    switch (step.do) {
      case "head":
        sendHead(response, step);
        response.flushHeaders();
        break;
      case "write":
        if (splitBytes === null) response.write(step.text);
        else await writeSplit(response, step.text, splitBytes);
        break;
      case "flood":
        await sendFlood(response, step);
        break;
      case "wait":
        await waitOrClose(response, step.ms);
        break;
      case "hold":
        if (!response.closed) await once(response, "close");
        break;
      case "end":
        response.end();
        break;
      case "reset":
        await reset(response);
    }
  }
}

async function writeSplit(response: ServerResponse, text: string, bytes: number): Promise<void> {
  const buffer = Buffer.from(text);
  for (let at = 0; at < buffer.length; at += bytes) {
    if (response.closed) return;
    response.write(buffer.subarray(at, at + bytes));
    // Two turns of the event loop, so that the data is sent, and arrives, before the next piece.
    await nextTurn();
    await nextTurn();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function waitOrClose(response: ServerResponse, ms: number): Promise<void> {
  if (response.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      response.off("close", settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    response.on("close", settle);
  });
}

async function reset(response: ServerResponse): Promise<void> {
  const { socket } = response;
  if (response.headersSent) {
    await new Promise<void>((resolve) => {
      response.write("", () => resolve());
      response.once("close", () => resolve());
    });
    await waitOrClose(response, BEFORE_RESET_MS);
  }
  socket?.resetAndDestroy();
}
