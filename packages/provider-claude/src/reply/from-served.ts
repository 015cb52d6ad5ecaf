import type { AttemptReport } from "@babylon/llm-core";
import { type AttemptFacts, fieldOf, stringField, vendorWord } from "@babylon/provider-kit";

/** The facts that a message states about how it was served. */
export type ServingFacts = Required<Pick<AttemptReport, "responseId" | "responseModel" | "serviceTier" | "speed">> &
  Pick<AttemptReport, "region">;

/** Anthropic's value for an undisclosed region (2026-11). */
const NO_REGION = "not_available";

/** Reads a message, or the message at the start of a stream: its usage states tier, speed and region. */
export function fromServed(message: unknown, facts: AttemptFacts): ServingFacts {
  const usage = fieldOf(message, "usage");
  const region = vendorWord(stringField(usage, "inference_geo"), facts);
  return {
    responseId: vendorWord(stringField(message, "id"), facts),
    responseModel: vendorWord(stringField(message, "model"), facts),
    serviceTier: vendorWord(stringField(usage, "service_tier"), facts),
    speed: vendorWord(stringField(usage, "speed"), facts),
    // Absent, so that a region from a header is kept.
    ...(region === null || region === NO_REGION ? {} : { region }),
  };
}
