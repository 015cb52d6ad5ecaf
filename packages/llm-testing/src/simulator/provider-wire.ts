import type { IncomingHttpHeaders } from "node:http";
import type { Answer, Ask } from "./answer/ask.ts";
import type { Refusal, RequestRefused } from "./refusal.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";

/**
 * One event of a streamed answer, ready to be sent. `open` and `frame` carry no part of the answer; `reasoning` and `part` do;
 * `finish` says why it ended, `done` that nothing follows.
 */
export interface StreamEvent {
  readonly kind: "open" | "reasoning" | "part" | "frame" | "finish" | "usage" | "done";
  readonly text: string;
}

/** Facts of one exchange that headers and bodies repeat. */
export interface Exchange {
  /** Counts from 1 in the life of a simulator. */
  readonly number: number;
  readonly requestId: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Limits of models, by id, that replace the vendor's. */
export type ModelLimits = Readonly<
  Record<string, { readonly contextTokens?: number | null; readonly maxOutputTokens?: number | null }>
>;

/** How one vendor speaks: everything that differs between the four. */
export interface ProviderWire {
  readonly provider: SimulatedProvider;
  /** Before every path: `/groq/openai/v1`. */
  readonly basePath: string;
  /** After the base path: `/chat/completions`. */
  readonly chatPath: string;
  readonly modelsPath: string;
  /** Refuses a request by its headers: key, project, version. */
  checkHeaders(headers: IncomingHttpHeaders, exchange: Exchange): Refusal | null;
  /**
   * Reads the body of a chat request.
   *
   * @throws RequestRefused when the vendor would not accept it
   */
  read(body: unknown, headers: IncomingHttpHeaders): Ask;
  /** The vendor's body for a request that was refused. */
  refuse(refused: RequestRefused, exchange: Exchange): Refusal;
  /** The vendor's body for a path that it does not have. */
  unknownPath(method: string, path: string, exchange: Exchange): Refusal;
  /** What the vendor typically says with a status. */
  typicalError(status: number, exchange: Exchange): Refusal;
  /** The vendor's error object inside a reply that began as a success. */
  inBandError(exchange: Exchange): unknown;
  /** That object, or one that a test gives, as an event of a stream. */
  errorEvent(error: unknown): string;
  /** The same as a whole JSON body. */
  errorBody(error: unknown, exchange: Exchange): unknown;
  /** The list of models; with an id, the one or `null`. */
  models(id: string | null): unknown;
  /** @param served - of the answer, where there is one */
  headers(exchange: Exchange, served?: Answer["served"]): Readonly<Record<string, string>>;
  json(ask: Ask, answer: Answer, exchange: Exchange): string;
  events(ask: Ask, answer: Answer, exchange: Exchange): readonly StreamEvent[];
  /** What is sent while a model thinks; `null`: nothing. */
  readonly keepAlive: string | null;
}
