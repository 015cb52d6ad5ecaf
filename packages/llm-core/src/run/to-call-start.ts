import type { CallStart } from "../contract/call-observer.ts";
import type { OnInterrupted } from "../contract/call-options.ts";
import type { Call } from "./call.ts";
import { toRecordedOptions } from "./to-call-record.ts";

/** The start event of a call, for observers. */
export function toCallStart(
  { id, startedAt, options }: Call,
  onInterrupted: OnInterrupted | null,
  joins: string | null,
): CallStart {
  return {
    callId: id,
    startedAt,
    agent: options.agent ?? null,
    purpose: options.purpose ?? null,
    tenant: options.tenant ?? null,
    unit: options.unit ?? null,
    metadata: options.metadata ?? null,
    options: toRecordedOptions(options, onInterrupted),
    joins,
  };
}
