import type { AttemptReport } from "@babylon/llm-core";
import { type AttemptFacts, stringField, vendorWord } from "@babylon/provider-kit";

/** The facts that a reply states about how it was served. */
export type ServingFacts = Required<Pick<AttemptReport, "responseId" | "responseModel" | "serviceTier">>;

/** The facts of a reply that states none. */
export const NOT_SERVED: ServingFacts = Object.freeze({ responseId: null, responseModel: null, serviceTier: null });

/**
 * Reads a response, or merges a chunk into the facts of earlier chunks: id and model are taken from the first chunk that states them, the
 * tier from the last, because OpenAI starts with the requested tier. Returns `earlier` if nothing changed.
 */
export function fromServed(reply: unknown, facts: AttemptFacts, earlier: ServingFacts = NOT_SERVED): ServingFacts {
  const responseId = earlier.responseId ?? vendorWord(stringField(reply, "id"), facts);
  const responseModel = earlier.responseModel ?? vendorWord(stringField(reply, "model"), facts);
  const stated = stringField(reply, "service_tier");
  const isNewTier = stated !== null && stated !== earlier.serviceTier;
  const serviceTier = (isNewTier ? vendorWord(stated, facts) : null) ?? earlier.serviceTier;
  const isSame =
    responseId === earlier.responseId && responseModel === earlier.responseModel && serviceTier === earlier.serviceTier;
  return isSame ? earlier : { responseId, responseModel, serviceTier };
}
