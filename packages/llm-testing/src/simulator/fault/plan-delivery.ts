import type { WireEvent } from "../provider-wire.ts";
import type { DeliveryFacts, DeliveryStep, ReplyHead } from "./delivery.ts";
import type { Fault } from "./fault.ts";
import { overrideHeaders } from "./override-headers.ts";
import { planWild } from "./wild.ts";

/** Maximum time between two signs of reasoning. */
const REASONING_STEP_MS = 1_000;
const REASONING_STEPS = 6;

const PAGE =
  "<!DOCTYPE html><html><head><title>Service maintenance</title></head><body><h1>We will be right back</h1></body></html>";

const FLOOD_BYTES = 1024 ** 3;
const FLOOD_PIECE_CHARS = 16 * 1024;

const JSON_HEAD = { "content-type": "application/json" } as const;

/** Plans the steps that deliver a reply with a fault; without a fault, unchanged. */
export function planDelivery(fault: Fault | null, facts: DeliveryFacts): DeliveryStep[] {
  switch (fault?.kind) {
    case "status":
      return planStatus(fault, facts);
    case "hang":
      return [{ do: "hold" }];
    case "slow":
      return [head(facts), { do: "wait", ms: fault.delayMs }, ...contentSteps(facts), { do: "end" }];
    case "stall":
      return [...firstParts(facts, fault.afterParts, { lengthKnown: true }), { do: "hold" }];
    case "reset":
      return fault.when === "before-headers" ? [{ do: "reset" }] : planReset(facts, fault.when, fault.afterParts);
    case "truncate":
      return [...firstParts(facts, fault.afterParts), { do: "end" }];
    case "no-done":
      return [head(facts), ...contentSteps(facts, (event) => event.kind !== "done"), { do: "end" }];
    case "malformed":
      return planMalformed(facts, fault.afterParts);
    case "html":
      return whole(
        { ...facts.head, headers: { ...facts.head.headers, "content-type": "text/html; charset=utf-8" } },
        PAGE,
      );
    case "empty":
      return whole(facts.head, "");
    case "error-200":
      return whole(jsonHead(facts), errorBody(facts, fault.error));
    case "error-event":
      return planErrorEvent(facts, fault.afterParts, fault.error);
    case "flood":
      return planFlood(fault, facts);
    case "wild":
      return planWild(fault.way, facts);
    case "reasoning":
      return planReasoning(facts, fault.ms);
    default:
      return facts.events === null
        ? whole(facts.head, facts.body)
        : [head(facts), ...contentSteps(facts), { do: "end" }];
  }
}

const whole = (to: ReplyHead, text: string): DeliveryStep[] => [
  { do: "head", head: to, length: Buffer.byteLength(text) },
  { do: "write", text },
  { do: "end" },
];

const head = (facts: DeliveryFacts): DeliveryStep => ({ do: "head", head: facts.head, length: null });

const jsonHead = ({ head: { status, headers } }: DeliveryFacts): ReplyHead => ({
  status,
  headers: { ...headers, ...JSON_HEAD },
});

const errorBody = (facts: DeliveryFacts, error: unknown): string =>
  JSON.stringify(facts.errorBody(error ?? facts.inBandError()));

const contentSteps = (facts: DeliveryFacts, keep: (event: WireEvent) => boolean = () => true): DeliveryStep[] =>
  facts.events === null
    ? [{ do: "write", text: facts.body }]
    : facts.events.filter(keep).map((event) => ({ do: "write", text: event.text }));

/** The index of the event after so many parts; if there are fewer parts, that of the finish event. */
function cutAfter(events: readonly WireEvent[], parts: number): number {
  let partCount = 0;
  for (const [index, { kind }] of events.entries()) {
    if (kind === "finish") return index;
    if (kind !== "part" && kind !== "reasoning") continue;
    if (partCount === parts) return index;
    partCount += 1;
  }
  return events.length;
}

/** The head and the beginning of the answer. */
function firstParts(facts: DeliveryFacts, afterParts = 1, { lengthKnown = false } = {}): DeliveryStep[] {
  const { events, body } = facts;
  if (events !== null) {
    const cut = events.slice(0, cutAfter(events, afterParts));
    return [head(facts), ...cut.map((event): DeliveryStep => ({ do: "write", text: event.text }))];
  }
  const length = lengthKnown ? Buffer.byteLength(body) : null;
  const beginning = afterParts === 0 ? "" : body.slice(0, Math.ceil(body.length / 2));
  return [
    { do: "head", head: facts.head, length },
    { do: "write", text: beginning },
  ];
}

function planStatus(fault: Extract<Fault, { kind: "status" }>, facts: DeliveryFacts): DeliveryStep[] {
  const typical = facts.typicalError(fault.status);
  const body = fault.body === undefined ? typical.body : fault.body;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const contentType = typeof body === "string" ? "text/html; charset=utf-8" : "application/json";
  // The vendor's typical headers, such as a wait, may not fit a custom body.
  const typicalHeaders = fault.body === undefined ? typical.headers : {};
  const headers = { ...facts.head.headers, "content-type": contentType, ...typicalHeaders };
  return whole({ status: fault.status, headers: overrideHeaders(headers, fault.headers) }, text);
}

function planReset(
  facts: DeliveryFacts,
  when: "mid-body" | "mid-stream",
  afterParts: number | undefined,
): DeliveryStep[] {
  const steps = firstParts(facts, afterParts, { lengthKnown: true });
  if (when === "mid-body" && facts.events !== null) {
    const next = facts.events[steps.length - 1]?.text ?? "";
    steps.push({ do: "write", text: next.slice(0, Math.ceil(next.length / 2)) });
  }
  return [...steps, { do: "reset" }];
}

/** An event or a body with its end cut off. */
const torn = (text: string): string => text.trimEnd().slice(0, -Math.ceil(text.length / 4));

function planMalformed(facts: DeliveryFacts, afterParts: number | undefined): DeliveryStep[] {
  if (facts.events === null) return whole(facts.head, torn(facts.body));
  const steps = firstParts(facts, afterParts);
  const rest = facts.events.slice(steps.length - 1);
  const [next, ...after] = rest;
  return [
    ...steps,
    { do: "write", text: `${torn(next?.text ?? "data: {}")}\n\n` },
    ...after.map((event): DeliveryStep => ({ do: "write", text: event.text })),
    { do: "end" },
  ];
}

function planErrorEvent(facts: DeliveryFacts, afterParts: number | undefined, error: unknown): DeliveryStep[] {
  if (facts.events === null) return whole(jsonHead(facts), errorBody(facts, error));
  const text = facts.errorEvent(error ?? facts.inBandError());
  return [...firstParts(facts, afterParts), { do: "write", text }, { do: "end" }];
}

function planFlood(
  { of = "parts", status, gzip = false, bytes = FLOOD_BYTES }: Extract<Fault, { kind: "flood" }>,
  facts: DeliveryFacts,
): DeliveryStep[] {
  const filler = "x".repeat(FLOOD_PIECE_CHARS);
  const coding: Readonly<Record<string, string>> = gzip ? { "content-encoding": "gzip" } : {};
  const flood = (to: ReplyHead, first: string, text: string): DeliveryStep[] => [
    { do: "head", head: { ...to, headers: { ...to.headers, ...coding } }, length: null },
    { do: "flood", first, text, bytes, gzip },
  ];
  if (status !== undefined) {
    const error = JSON.stringify(facts.typicalError(status).body);
    const opening = '"message":"';
    const first = error.slice(0, error.indexOf(opening) + opening.length);
    return flood({ ...jsonHead(facts), status }, first, filler);
  }
  const begun = firstParts(facts)
    .map((step) => (step.do === "write" ? step.text : ""))
    .join("");
  if (facts.events === null) return flood(facts.head, begun, filler);
  if (of === "line") return flood(facts.head, `${begun}data: `, filler);
  const part = facts.events.find(({ kind }) => kind === "part")?.text ?? ": nothing\n\n";
  return flood(facts.head, begun, part.repeat(Math.ceil(FLOOD_PIECE_CHARS / part.length)));
}

/** Distributes the time over the answer's reasoning parts, or over keep-alive events if there are none. */
function planReasoning(facts: DeliveryFacts, ms: number): DeliveryStep[] {
  const { events } = facts;
  if (events === null) return [{ do: "wait", ms }, ...whole(facts.head, facts.body)];
  const steps: DeliveryStep[] = [head(facts)];
  const parts = events.filter((event) => event.kind === "reasoning").length;
  const pauses = Math.max(parts, REASONING_STEPS, Math.ceil(ms / REASONING_STEP_MS));
  const pause: DeliveryStep = { do: "wait", ms: ms / pauses };
  let paused = 0;
  for (const event of events) {
    if (event.kind === "reasoning") {
      // The last part is sent at the end of the time.
      const share = Math.floor(((paused + 1) * pauses) / parts) - Math.floor((paused * pauses) / parts);
      for (let done = 0; done < share; done += 1) steps.push(pause);
      paused += 1;
    } else if (event.kind === "part" && paused === 0) {
      for (let done = 0; done < pauses; done += 1) {
        steps.push(pause);
        if (facts.keepAlive !== null) steps.push({ do: "write", text: facts.keepAlive });
      }
      paused = 1;
    }
    steps.push({ do: "write", text: event.text });
  }
  return [...steps, { do: "end" }];
}
