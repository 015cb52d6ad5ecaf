import type { StreamPart } from "../contract/model-answer.ts";
import type { ModelCapabilities, ModelRequest, SchemaDialect } from "../contract/provider.ts";
import type { RefusedPart } from "../errors/error-details.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { FinishedAnswer } from "./answer.ts";

/** The properties of a link that a form may use. */
export interface FormLink {
  readonly provider: string;
  readonly model: string;
  /** Its place in the chain, from 0. */
  readonly index: number;
  readonly capabilities: ModelCapabilities;
}

/** How a request is sent. `auto`: the chain decides for each link. */
export type TransportChoice = "auto" | "stream" | "json";

/** The request of the next attempt, or the error because of which the link is skipped without an attempt. */
export type Prepared =
  | {
      readonly request: ModelRequest;
      readonly transport: TransportChoice;
      readonly warnings: readonly string[];
      /** For the record: the dialect in which the schema is sent. */
      readonly schemaDialect?: SchemaDialect;
    }
  | { readonly skip: LLMError };

/**
 * The verdict on an answer. `ask-again`: repeat on the same link without delay, not counted as a retry. `reject`: the attempt failed with
 * that error, and `nextStep` decides.
 */
export type Judgement<T> =
  | { readonly type: "accept"; readonly value: T; readonly answer: FinishedAnswer }
  | { readonly type: "ask-again"; readonly error: LLMError }
  | { readonly type: "reject"; readonly error: LLMError };

/**
 * The required form of an answer: shapes the request for each link and judges the answers. One per walk over the chain; may hold state of
 * that walk. A text call has the trivial form.
 */
export interface AnswerForm<T> {
  /** Whether two attempts may run at the same time. `false` for a form with state. */
  readonly mayRace: boolean;
  /** Called before each attempt with the request fitted to the link. */
  prepare(request: ModelRequest, link: FormLink): Prepared;
  /** Called with each part as it arrives. Must not throw. */
  observe?(part: StreamPart): void;
  /** Must not throw. */
  judge(answer: FinishedAnswer, link: FormLink): Judgement<T> | Promise<Judgement<T>>;
  /**
   * Called when the link rejected the form of the latest request. `true`: the next request to the same link is simpler. Must not throw.
   */
  simplify?(refused: RefusedPart): boolean;
  /** Called when the latest attempt failed without an answer to judge. */
  failed?(error: LLMError): void;
}

const toTextForm = (transport: TransportChoice): AnswerForm<null> => ({
  mayRace: true,
  prepare: (request) => ({ request, transport, warnings: [] }),
  judge: (answer) => ({ type: "accept", value: null, answer }),
});

const TEXT_FORMS: Readonly<Record<TransportChoice, AnswerForm<null>>> = {
  auto: toTextForm("auto"),
  stream: toTextForm("stream"),
  json: toTextForm("json"),
};

/** The form that accepts any answer. It has no state, so all calls share it. */
export function textForm(transport: TransportChoice): AnswerForm<null> {
  return TEXT_FORMS[transport];
}
