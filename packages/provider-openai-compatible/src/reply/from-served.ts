import type { AttemptReport } from "@babylon/llm-core";
import { type AttemptFacts, stringField, vendorWord } from "@babylon/provider-kit";

/** What a reply says about how it was served. */
export type Served = Required<Pick<AttemptReport, "responseId" | "responseModel" | "serviceTier">>;

/** A reply that has said nothing. */
export const NOT_SERVED: Served = Object.freeze({ responseId: null, responseModel: null, serviceTier: null });

/**
 * Reads a response, or a chunk of a stream over what earlier chunks said: id and model are those of the first chunk that has them, the
 * tier is that of the last, since OpenAI begins with the tier that was asked for. The same object when there is nothing new.
 */
export function fromServed(reply: unknown, facts: AttemptFacts, earlier: Served = NOT_SERVED): Served {
  const responseId = earlier.responseId ?? vendorWord(stringField(reply, "id"), facts);
  const responseModel = earlier.responseModel ?? vendorWord(stringField(reply, "model"), facts);
  const stated = stringField(reply, "service_tier");
  const isNewTier = stated !== null && stated !== earlier.serviceTier;
  const serviceTier = (isNewTier ? vendorWord(stated, facts) : null) ?? earlier.serviceTier;
  const isSame =
    responseId === earlier.responseId && responseModel === earlier.responseModel && serviceTier === earlier.serviceTier;
  return isSame ? earlier : { responseId, responseModel, serviceTier };
}
