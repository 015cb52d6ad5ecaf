import type { IncomingHttpHeaders } from "node:http";
import type { SimulatedAnswer, SimulatedRequest } from "./answer/simulated-request.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";
import type { RequestRefusedError, SimulatedRefusal } from "./simulated-refusal.ts";

/**
 * One serialized event of a streamed answer. `open` and `frame` have no content; `reasoning` and `part` do; `finish` has the finish reason,
 * and `done` is the end marker.
 */
export interface WireEvent {
  readonly kind: "open" | "reasoning" | "part" | "frame" | "finish" | "usage" | "done";
  readonly text: string;
}

/** Facts of one exchange that occur in headers and bodies. */
export interface Exchange {
  /** Counted from 1 within a simulator. */
  readonly number: number;
  readonly requestId: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Limits by model id, which override the vendor's. */
export type ModelLimits = Readonly<
  Record<string, { readonly contextTokens?: number | null; readonly maxOutputTokens?: number | null }>
>;

/** The wire protocol of one vendor: everything that differs between the four. */
export interface ProviderWire {
  readonly provider: SimulatedProvider;
  /** Prefix of every path: `/groq/openai/v1`. */
  readonly basePath: string;
  /** Relative to the base path: `/chat/completions`. */
  readonly chatPath: string;
  readonly modelsPath: string;
  /** Checks the headers of a request: key, project, version. */
  checkHeaders(headers: IncomingHttpHeaders, exchange: Exchange): SimulatedRefusal | null;
  /**
   * Reads the body of a chat request.
   *
   * @throws RequestRefusedError if the vendor would not accept it
   */
  read(body: unknown, headers: IncomingHttpHeaders): SimulatedRequest;
  /** The vendor's body for a request that was refused. */
  refuse(refused: RequestRefusedError, exchange: Exchange): SimulatedRefusal;
  /** The vendor's body for a path that it does not have. */
  unknownPath(method: string, path: string, exchange: Exchange): SimulatedRefusal;
  /** The vendor's typical error for a status. */
  typicalError(status: number, exchange: Exchange): SimulatedRefusal;
  /** The vendor's error object inside a successful reply. */
  inBandError(exchange: Exchange): unknown;
  /** That object, or one from a test, as an event of a stream. */
  errorEvent(error: unknown): string;
  /** The same as a complete JSON body. */
  errorBody(error: unknown, exchange: Exchange): unknown;
  /** The list of models; with an id, that model or `null`. */
  models(id: string | null): unknown;
  /** @param served - from the answer, if there is one */
  headers(exchange: Exchange, served?: SimulatedAnswer["served"]): Readonly<Record<string, string>>;
  json(ask: SimulatedRequest, answer: SimulatedAnswer, exchange: Exchange): string;
  events(ask: SimulatedRequest, answer: SimulatedAnswer, exchange: Exchange): readonly WireEvent[];
  /** What is sent while a model thinks; `null`: nothing. */
  readonly keepAlive: string | null;
}
