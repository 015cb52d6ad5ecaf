import type { StreamPart } from "../contract/model-answer.ts";
import type { ModelCapabilities, ModelRequest, SchemaDialect } from "../contract/provider.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { FinishedAnswer } from "./answer.ts";

/** A link as a form sees it. */
export interface FormLink {
  readonly provider: string;
  readonly model: string;
  /** Its place in the chain, from 0. */
  readonly index: number;
  readonly capabilities: ModelCapabilities;
}

/** How a request goes out. */
export type TransportChoice = "auto" | "stream" | "json";

/** The request of the next attempt; or why this link cannot serve, and then no attempt is made. */
export type Prepared =
  | {
      readonly request: ModelRequest;
      readonly transport: TransportChoice;
      readonly warnings: readonly string[];
      /** For the record: how a shape is asked for. */
      readonly schemaDialect?: SchemaDialect;
    }
  | { readonly skip: LLMError };

/**
 * What a form says of an answer. `ask-again`: the same link, at once, not counted as a retry. `reject`: the attempt failed with
 * that error, and the table decides.
 */
export type Judgement<T> =
  | { readonly type: "accept"; readonly value: T; readonly answer: FinishedAnswer }
  | { readonly type: "ask-again"; readonly error: LLMError }
  | { readonly type: "reject"; readonly error: LLMError };

/**
 * The form an answer must have: shapes the request for each link and judges what comes back. One per walk over the chain; may hold
 * state of that walk. A text call has the trivial form.
 */
export interface AnswerForm<T> {
  /** Whether two attempts may run for the same answer. Not for a form that holds state. */
  readonly mayRace: boolean;
  /** Called right before each attempt with the request as fitted to the link. */
  prepare(request: ModelRequest, link: FormLink): Prepared;
  /** Each part as it arrives. Must not throw. */
  observe?(part: StreamPart): void;
  /** Must not throw. */
  judge(answer: FinishedAnswer, link: FormLink): Judgement<T> | Promise<Judgement<T>>;
  /** The latest attempt failed without an answer to judge. */
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

/** Any answer will do. It holds no state, so all calls share it. */
export function textForm(transport: TransportChoice): AnswerForm<null> {
  return TEXT_FORMS[transport];
}
