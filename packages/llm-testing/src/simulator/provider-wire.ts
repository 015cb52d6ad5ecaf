import type { IncomingHttpHeaders } from "node:http";
import type { SimulatedAnswer, SimulatedRequest } from "./answer/simulated-request.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";
import type { RequestRefusedError, SimulatedRefusal } from "./simulated-refusal.ts";

/**
 * One event of a streamed answer, ready to be sent. `open` and `frame` carry no part of the answer; `reasoning` and `part` do;
 * `finish` says why it ended, `done` that nothing follows.
 */
export interface WireEvent {
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
  checkHeaders(headers: IncomingHttpHeaders, exchange: Exchange): SimulatedRefusal | null;
  /**
   * Reads the body of a chat request.
   *
   * @throws RequestRefused when the vendor would not accept it
   */
  read(body: unknown, headers: IncomingHttpHeaders): SimulatedRequest;
  /** The vendor's body for a request that was refused. */
  refuse(refused: RequestRefusedError, exchange: Exchange): SimulatedRefusal;
  /** The vendor's body for a path that it does not have. */
  unknownPath(method: string, path: string, exchange: Exchange): SimulatedRefusal;
  /** What the vendor typically says with a status. */
  typicalError(status: number, exchange: Exchange): SimulatedRefusal;
  /** The vendor's error object inside a reply that began as a success. */
  inBandError(exchange: Exchange): unknown;
  /** That object, or one that a test gives, as an event of a stream. */
  errorEvent(error: unknown): string;
  /** The same as a whole JSON body. */
  errorBody(error: unknown, exchange: Exchange): unknown;
  /** The list of models; with an id, the one or `null`. */
  models(id: string | null): unknown;
  /** @param served - of the answer, where there is one */
  headers(exchange: Exchange, served?: SimulatedAnswer["served"]): Readonly<Record<string, string>>;
  json(ask: SimulatedRequest, answer: SimulatedAnswer, exchange: Exchange): string;
  events(ask: SimulatedRequest, answer: SimulatedAnswer, exchange: Exchange): readonly WireEvent[];
  /** What is sent while a model thinks; `null`: nothing. */
  readonly keepAlive: string | null;
}
