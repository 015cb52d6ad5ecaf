import type { AttemptReport } from "@babylon/llm-core";
import { type AttemptFacts, fieldOf, stringField, vendorWord } from "@babylon/provider-kit";

/** What a message says about how it was served. */
export type Served = Required<Pick<AttemptReport, "responseId" | "responseModel" | "serviceTier" | "speed">> &
  Pick<AttemptReport, "region">;

/** Anthropic's word for a region that it does not tell (2026-11). */
const NO_REGION = "not_available";

/** Reads a message, or the beginning of one that a stream starts with: its usage says tier, speed and region. */
export function fromServed(message: unknown, facts: AttemptFacts): Served {
  const usage = fieldOf(message, "usage");
  const region = vendorWord(stringField(usage, "inference_geo"), facts);
  return {
    responseId: vendorWord(stringField(message, "id"), facts),
    responseModel: vendorWord(stringField(message, "model"), facts),
    serviceTier: vendorWord(stringField(usage, "service_tier"), facts),
    speed: vendorWord(stringField(usage, "speed"), facts),
    // A header may have said more.
    ...(region === null || region === NO_REGION ? {} : { region }),
  };
}
