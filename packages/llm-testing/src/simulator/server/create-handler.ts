import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { SimulatedRequest } from "../answer/simulated-request.ts";
import { createClaudeWire } from "../claude/claude-wire.ts";
import type { DeliveryStep } from "../fault/delivery.ts";
import type { FaultBook } from "../fault/fault-book.ts";
import { createGroqWire } from "../groq/groq-wire.ts";
import { createOpenAIWire } from "../openai/openai-wire.ts";
import type { Exchange, ProviderWire } from "../provider-wire.ts";
import { createRandom, hashOf } from "../random.ts";
import { RequestRefusedError, type SimulatedRefusal } from "../simulated-refusal.ts";
import { createWandbWire } from "../wandb/wandb-wire.ts";
import { answerChat, answerJson, type PlannedReply } from "./answer-request.ts";
import { deliver } from "./deliver.ts";
import { type OpenExchange, recordOf } from "./record-request.ts";
import type { OpenRequest, RequestLog } from "./request-log.ts";
import { SIMULATED_KEYS } from "./simulated-keys.ts";
import type { CheckedOptions } from "./simulator-options.ts";

/** Anthropic's limit of a body; the other vendors do not publish theirs. */
const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** The wires of the four vendors, with their keys and the limits of a test. */
export function createWires({
  limits,
  adapters,
}: Pick<CheckedOptions, "limits" | "adapters">): readonly ProviderWire[] {
  return [
    createWandbWire(SIMULATED_KEYS.wandb, limits.wandb ?? {}, adapters),
    createGroqWire(SIMULATED_KEYS.groq, limits.groq ?? {}),
    createClaudeWire(SIMULATED_KEYS.claude, limits.claude ?? {}),
    createOpenAIWire(SIMULATED_KEYS.openai, limits.openai ?? {}),
  ];
}

/**
 * Creates the request handler of a simulator: it selects the vendor, checks the request, applies a fault, replies, and records the request.
 *
 * @param pending - filled with the connections of exchanges in flight, by the number of the request
 */
export function createHandler(
  wires: readonly ProviderWire[],
  options: CheckedOptions,
  log: RequestLog,
  faults: FaultBook,
  pending: Map<number, Socket>,
): RequestListener {
  let number = 0;
  /** The chat requests in flight that no limit has refused. */
  const running = new Set<OpenRequest>();
  const inFlight = ({ provider }: ProviderWire): number =>
    [...running].filter((record) => record.provider === provider).length;
  return (request, response) => {
    number += 1;
    const exchangeNumber = number;
    const url = request.url ?? "/";
    const wire = wires.find(({ basePath }) => url.startsWith(`${basePath}/`));
    if (wire === undefined) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ simulator: "no such provider", paths: wires.map(({ basePath }) => basePath) }));
      return;
    }
    readBody(request, (body) => {
      const open = recordOf(request, wire, exchangeNumber, body, options);
      const isCrowded = inFlight(wire) >= (options.maxConcurrency[wire.provider] ?? Number.POSITIVE_INFINITY);
      const crowded = isCrowded && open.record.endpoint === "chat" ? wire.typicalError(429, open.exchange) : null;
      const reply =
        crowded === null ? replyTo(wire, open, options, faults) : refusedReply(wire, crowded, open.exchange);
      if (crowded === null && open.record.endpoint === "chat") running.add(open.record);
      open.record.status = reply.status;
      open.record.answerId = reply.answerId;
      open.record.usage = reply.usage;
      log.add(open.record);
      pending.set(exchangeNumber, request.socket);
      response.on("close", () => {
        pending.delete(exchangeNumber);
        running.delete(open.record);
        open.record.endedAt = Date.now();
        open.record.outcome = outcomeOf(response, reply);
        log.changed();
      });
      void send(response, reply, options, exchangeNumber);
    });
  };
}

/** The text of a body; `null` if it exceeds the largest limit of all vendors. */
function readBody(request: IncomingMessage, done: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on("end", () => done(bytes > MOST_BODY_BYTES ? null : Buffer.concat(chunks).toString("utf8")));
  // A request that the client aborts while sending does not count.
  request.on("error", () => {});
}

function replyTo(wire: ProviderWire, open: OpenExchange, options: CheckedOptions, faults: FaultBook): PlannedReply {
  const { record, exchange, request, path } = open;
  const refusal = wire.checkHeaders(request.headers, exchange);
  if (refusal !== null) return refusedReply(wire, refusal, exchange);
  const subject = { provider: wire.provider, model: exchange.model, callId: record.callId } as const;
  if (record.endpoint === "models" && record.method === "GET") {
    const struck = faults.strike({ ...subject, endpoint: "models", prompt: "" });
    record.fault = struck?.fault.kind ?? null;
    const id = path === wire.modelsPath ? null : decodeURIComponent(path.slice(wire.modelsPath.length + 1));
    const found = wire.models(id);
    if (found === null)
      return refusedReply(
        wire,
        wire.refuse(new RequestRefusedError("model-not-found", null, `model: ${id}`), exchange),
        exchange,
      );
    return answerJson(wire, found, exchange, struck);
  }
  if (record.endpoint !== "chat" || record.method !== "POST") {
    return refusedReply(wire, wire.unknownPath(record.method, path, exchange), exchange);
  }
  const ask = readAsk(wire, open);
  if ("status" in ask) return refusedReply(wire, ask, exchange);
  const struck = faults.strike({ ...subject, endpoint: "chat", prompt: ask.prompt });
  record.fault = struck?.fault.kind ?? null;
  return answerChat(wire, ask, exchange, options, struck);
}

function readAsk(wire: ProviderWire, { body, request, exchange }: OpenExchange): SimulatedRequest | SimulatedRefusal {
  if (body === null && Number(request.headers["content-length"]) > MOST_BODY_BYTES)
    return wire.typicalError(413, exchange);
  try {
    if (typeof body === "string" || body === null) {
      const message = "We could not parse the JSON body of your request.";
      throw new RequestRefusedError("other", null, message);
    }
    return wire.read(body, request.headers);
  } catch (error) {
    if (error instanceof RequestRefusedError) return wire.refuse(error, exchange);
    throw error;
  }
}

function refusedReply(wire: ProviderWire, refusal: SimulatedRefusal, exchange: Exchange): PlannedReply {
  const page = typeof refusal.body === "string";
  const text = page ? String(refusal.body) : JSON.stringify(refusal.body);
  const contentType = page ? "text/html" : "application/json";
  const headers = { ...wire.headers(exchange), "content-type": contentType, ...refusal.headers };
  const steps: readonly DeliveryStep[] = [
    { do: "head", head: { status: refusal.status, headers }, length: Buffer.byteLength(text) },
    { do: "write", text },
    { do: "end" },
  ];
  return { status: refusal.status, steps, splitBytes: null, broken: false, answerId: null, usage: null };
}

/** The outcome of an exchange whose connection is free again. */
function outcomeOf(response: ServerResponse, reply: PlannedReply): OpenRequest["outcome"] {
  const resets = reply.steps.some((step) => step.do === "reset");
  if (!response.writableFinished && !resets) return "aborted-by-client";
  return reply.broken ? "faulted" : "answered";
}

async function send(
  response: ServerResponse,
  reply: PlannedReply,
  { latencyMs: [min, max], seed }: CheckedOptions,
  number: number,
): Promise<void> {
  if (max === 0) return deliver(response, reply.steps, reply.splitBytes);
  const ms = min + createRandom(hashOf(`${seed} latency ${number}`)).next() * (max - min);
  return deliver(response, [{ do: "wait", ms }, ...reply.steps], reply.splitBytes);
}
