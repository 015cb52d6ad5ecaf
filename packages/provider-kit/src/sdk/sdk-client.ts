import type { JsonObject } from "@babylon/llm-core";

/**
 * A client of an official SDK, as far as requests need it: the documented way to any endpoint, which every class of client has
 * (`OpenAI`, `AzureOpenAI`, `Anthropic`, those for Bedrock and Vertex).
 */
export interface SDKClient {
  /** Sends a body to a path below the client's base URL. */
  post(path: string, options: SDKRequestOptions): SDKReply;
  /** Asks for a path below the client's base URL. */
  get(path: string, options: SDKRequestOptions): SDKReply;
}

/** A request of an SDK's client that is under way. */
export interface SDKReply {
  /** The response of `fetch`, its body unread. Rejects with an `APIError` for every status but 2xx. */
  asResponse(): Promise<Response>;
}

/** The options of a request that are used. */
export interface SDKRequestOptions {
  readonly body?: JsonObject;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly stream?: boolean;
  readonly maxRetries: number;
  readonly timeout?: number;
  /** Handed on to the client's `fetch`. */
  // biome-ignore lint/complexity/noBannedTypes: the SDKs take the platform's own options here, whose type differs by platform.
  readonly fetchOptions?: {};
}
