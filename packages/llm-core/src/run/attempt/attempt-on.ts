import type { AttemptKind } from "../../contract/attempt.ts";
import type { Slot } from "../../limit/concurrency-limiter.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { type Admission, beginAdmission } from "../admission/admission.ts";
import { passGates } from "../admission/pass-gates.ts";
import type { TransportChoice } from "../answer-form.ts";
import { append } from "../append.ts";
import { simplified } from "../ask-simpler.ts";
import { takeNumber, warn } from "../call.ts";
import { NO_RIVAL, type Rival } from "../rival.ts";
import { toModelRequest } from "../to-model-request.ts";
import { hasReadyLink, linkAt, linksLeft, type Walk } from "../walk.ts";
import type { AttemptEnd, AttemptInput } from "./attempt-input.ts";
import { runAttempt } from "./run-attempt.ts";

function transportOf(wanted: TransportChoice, link: ChainLink, hasFormat: boolean): "stream" | "json" {
  if (wanted !== "auto") return wanted;
  return hasFormat && !link.capabilities.schemaWithStreaming ? "json" : "stream";
}

function kindOf({ lastLink, asksAgain }: Walk<unknown>, link: ChainLink, continues: boolean): AttemptKind {
  if (continues) return "continue";
  if (lastLink === null) return "first";
  if (lastLink !== link) return "fallback";
  return asksAgain ? "ask-again" : "retry";
}

/**
 * Makes one attempt of a walk on the link at an index, with the request fitted to that link. Releases the slot when the attempt ends; if no
 * attempt was made, the caller still holds it. Rejects if the call is interrupted.
 */
export function attemptOn<T>(walk: Walk<T>, at: number, slot: Slot, rival: Rival): Promise<AttemptEnd<T>> {
  const { engine, call, form, output } = walk;
  // An interrupted call makes no more requests.
  if (call.interruption !== null) return Promise.reject(call.interruption);
  const link = linkAt(walk, at);
  const continuation = output.continuation();
  const conversation = continuation === null ? walk.conversation : append(walk.conversation, continuation);
  const { request, warnings } = toModelRequest(link, call.options, conversation);
  const formLink = { provider: link.provider, model: link.model, index: at, capabilities: link.capabilities };
  const prepared = form.prepare(simplified(walk, link, request), formLink);
  for (const warning of warnings) warn(call, warning);
  if ("skip" in prepared) {
    return Promise.resolve({ type: "failed", error: prepared.skip, again: false, toolParts: false });
  }
  for (const warning of prepared.warnings) warn(call, warning);
  const isHedge = rival !== NO_RIVAL && !rival.leads;
  const kind = isHedge ? "hedge" : kindOf(walk, link, continuation !== null);
  const input: AttemptInput<T> = {
    engine,
    call,
    number: takeNumber(call),
    link,
    formLink,
    form,
    request: prepared.request,
    schemaDialect: prepared.schemaDialect,
    kind,
    transport: transportOf(prepared.transport, link, prepared.request.responseFormat !== undefined),
    linksLeft: walk.recoveryWait === null ? walk.links.length - at : linksLeft(walk),
    hasReadyFallback: () => hasReadyLink(walk, link),
    controller: new AbortController(),
    output,
    watcher: walk.watcher,
    rival,
    observed: walk.observed,
    readToolCall: walk.readToolCall,
  };
  const admission = beginAdmission(engine, link, slot);
  if (engine.gates.length > 0) return runPastGates(walk, input, admission);
  return make(walk, input, admission);
}

async function runPastGates<T>(walk: Walk<T>, input: AttemptInput<T>, admission: Admission): Promise<AttemptEnd<T>> {
  return (await passGates(input, admission)) ?? make(walk, input, admission);
}

function make<T>(walk: Walk<T>, input: AttemptInput<T>, admission: Admission): Promise<AttemptEnd<T>> {
  // Set only here, because a request that a gate refused is not an attempt.
  if (input.kind !== "hedge") walk.lastLink = input.link;
  return runAttempt(input, admission);
}
