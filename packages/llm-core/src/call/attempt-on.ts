import type { ChainLink } from "../chain/plan-chain.ts";
import type { TransportChoice } from "./answer-form.ts";
import { warn } from "./call.ts";
import { type AttemptEnd, type RaceEntry, runAttempt } from "./run-attempt.ts";
import { toModelRequest } from "./to-model-request.ts";
import { linkAt, linksLeft, type Walk } from "./walk.ts";

function transportOf(wanted: TransportChoice, link: ChainLink, hasFormat: boolean): "stream" | "json" {
  if (wanted !== "auto") return wanted;
  return hasFormat && !link.capabilities.schemaWithStreaming ? "json" : "stream";
}

/** Makes one attempt of a walk on the link at a place, with the request fitted to it. Throws when the call is over. */
export function attemptOn<T>(
  walk: Walk<T>,
  at: number,
  entry: RaceEntry | null,
): AttemptEnd<T> | Promise<AttemptEnd<T>> {
  const { engine, call, plan, shown } = walk;
  // A call that is over calls nobody.
  if (call.interruption !== null) throw call.interruption;
  const link = linkAt(walk, at);
  const continuation = shown.continuation();
  const conversation = continuation === null ? plan.conversation : [...plan.conversation, continuation];
  const { request, warnings } = toModelRequest(link, call.options, conversation);
  const formLink = { provider: link.provider, model: link.model, index: at, capabilities: link.capabilities };
  const prepared = plan.form.prepare(request, formLink);
  for (const warning of warnings) warn(call, warning);
  if ("skip" in prepared) return { type: "failed", error: prepared.skip, again: false, toolParts: false };
  for (const warning of prepared.warnings) warn(call, warning);
  return runAttempt(engine, call, {
    link,
    formLink,
    form: plan.form,
    request: prepared.request,
    schemaDialect: prepared.schemaDialect,
    transport: transportOf(prepared.transport, link, prepared.request.responseFormat !== undefined),
    linksLeft: walk.turns === null ? walk.links.length - at : linksLeft(walk),
    shown,
    watcher: plan.watcher,
    readToolCall: walk.readToolCall,
    entry,
  });
}
