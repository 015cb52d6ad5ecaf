import { composeAnswer } from "../answer/compose-answer.ts";
import { proseOf } from "../answer/prose.ts";
import type { AnswerUsage, SimulatedAnswer, SimulatedRequest } from "../answer/simulated-request.ts";
import { estimatedTokens } from "../answer/tokens.ts";
import type { DeliveryFacts, DeliveryStep } from "../fault/delivery.ts";
import { type Fault, type FaultKind, WRONG_SHAPE_WAYS } from "../fault/fault.ts";
import type { AppliedFault } from "../fault/fault-book.ts";
import { overrideHeaders } from "../fault/override-headers.ts";
import { planDelivery } from "../fault/plan-delivery.ts";
import { scriptAnswer } from "../fault/script-answer.ts";
import { WILD_WAYS } from "../fault/wild-ways.ts";
import { spoilShape } from "../fault/wrong-shape.ts";
import type { Exchange, ProviderWire } from "../provider-wire.ts";
import { createRandom } from "../random.ts";
import type { CheckedOptions } from "./simulator-options.ts";

/** How a reply is delivered. */
export interface PlannedReply {
  readonly status: number | null;
  readonly steps: readonly DeliveryStep[];
  readonly splitBytes: number | null;
  /** Whether the fault prevents a whole answer. */
  readonly broken: boolean;
  /** The id of the answer, without the vendor's prefix. */
  readonly answerId: string | null;
  /** The usage that the reply states. */
  readonly usage: AnswerUsage | null;
}

/** Faults that leave the answer whole. */
const HARMLESS: ReadonlySet<FaultKind> = new Set(["slow", "no-done", "split", "reasoning", "answer", "wrong-shape"]);

const isHarmless = (fault: Fault): boolean =>
  fault.kind === "wild" ? WILD_WAYS[fault.way].whole : HARMLESS.has(fault.kind);

const ONE_PIECE_CHARS = 24;

/** Plans the reply to an accepted chat request. */
export function answerChat(
  wire: ProviderWire,
  ask: SimulatedRequest,
  exchange: Exchange,
  { seed, phrases }: Pick<CheckedOptions, "seed" | "phrases">,
  struck: AppliedFault | null,
): PlannedReply {
  const id = `${exchange.number.toString(36)}${exchange.requestId.slice(4, 16)}`;
  const answer = scripted(composeAnswer(ask, seed, id, phrases), struck, exchange);
  const fault = struck?.fault ?? null;
  const contentType = ask.stream ? "text/event-stream; charset=utf-8" : "application/json";
  const headers = { ...wire.headers(exchange, answer.served), "content-type": contentType };
  const reply = planReply(wire, exchange, fault, {
    head: { status: 200, headers: overrideHeaders(headers, fault?.kind === "answer" ? fault.headers : undefined) },
    events: ask.stream ? wire.events(ask, answer, exchange) : null,
    body: ask.stream ? "" : wire.json(ask, answer, exchange),
    whole: () => wire.json(ask, answer, exchange),
  });
  return { ...reply, answerId: id, usage: statesUsage(reply) ? answer.usage : null };
}

/** Whether a reply states any usage: a stream does not unless it was asked to, and neither does an error. */
const statesUsage = ({ steps }: Pick<PlannedReply, "steps">): boolean =>
  steps.some((step) => step.do === "write" && step.text.includes('"usage":{'));

/** Plans the reply to a request for a static resource. */
export function answerJson(
  wire: ProviderWire,
  body: unknown,
  exchange: Exchange,
  struck: AppliedFault | null,
): PlannedReply {
  const headers = { ...wire.headers(exchange), "content-type": "application/json" };
  const text = JSON.stringify(body);
  return planReply(wire, exchange, struck?.fault ?? null, {
    head: { status: 200, headers },
    events: null,
    body: text,
    whole: () => text,
  });
}

function planReply(
  wire: ProviderWire,
  exchange: Exchange,
  fault: Fault | null,
  reply: Pick<DeliveryFacts, "head" | "events" | "body" | "whole">,
): PlannedReply {
  const steps = planDelivery(fault, {
    ...reply,
    keepAlive: wire.keepAlive,
    typicalError: (status) => wire.typicalError(status, exchange),
    inBandError: () => wire.inBandError(exchange),
    errorEvent: (error) => wire.errorEvent(error),
    errorBody: (error) => wire.errorBody(error, exchange),
  });
  const head = steps.find((step) => step.do === "head");
  return {
    status: head?.head.status ?? null,
    steps,
    splitBytes: fault?.kind === "split" ? fault.bytes : null,
    broken: fault !== null && !isHarmless(fault),
    answerId: null,
    usage: null,
  };
}

/** Applies a fault to the answer. */
function scripted(healthy: SimulatedAnswer, struck: AppliedFault | null, exchange: Exchange): SimulatedAnswer {
  const fault = struck?.fault;
  switch (fault?.kind) {
    case "answer":
      return scriptAnswer(healthy, fault);
    case "wrong-shape": {
      const ways = fault.ways ?? WRONG_SHAPE_WAYS;
      const way = ways[(struck?.before ?? 0) % ways.length];
      return way === undefined ? healthy : spoilShape(healthy, way);
    }
    case "gave-up":
      return { ...healthy, text: healthy.text.slice(0, Math.ceil(healthy.text.length / 2)), rawEnd: fault.reason };
    case "reasoning":
      return reasoningFor(healthy, fault, exchange);
    default:
      return healthy;
  }
}

/** Reasoning text for the complete time, one piece per second. */
function reasoningFor(
  healthy: SimulatedAnswer,
  { ms, visible }: Extract<Fault, { kind: "reasoning" }>,
  { number }: Exchange,
): SimulatedAnswer {
  const random = createRandom(number);
  let reasoning = proseOf(random, 12);
  while (reasoning.length < (ms / 1_000) * ONE_PIECE_CHARS) reasoning += ` ${proseOf(random, 40)}`;
  const reasoningTokens = estimatedTokens(reasoning);
  const spoken = healthy.usage === null ? 0 : healthy.usage.outputTokens - healthy.usage.reasoningTokens;
  return {
    ...healthy,
    reasoning: visible ? reasoning : "",
    usage:
      healthy.usage === null ? null : { ...healthy.usage, outputTokens: spoken + reasoningTokens, reasoningTokens },
  };
}
