import type { JsonObject } from "@babylon/llm-core";

/**
 * The part of an official SDK's client that requests use: the documented methods for arbitrary endpoints, which every client class has
 * (`OpenAI`, `AzureOpenAI`, `Anthropic`, those for Bedrock and Vertex).
 */
export interface SDKClient {
  /** Sends a body to a path below the client's base URL. */
  post(path: string, options: SDKRequestOptions): SDKReply;
  /** Requests a path below the client's base URL. */
  get(path: string, options: SDKRequestOptions): SDKReply;
}

/** A pending request of an SDK client. */
export interface SDKReply {
  /** The response of `fetch`, its body unread. Rejects with an `APIError` for every status but 2xx. */
  asResponse(): Promise<Response>;
}

/** The request options that are used. */
export interface SDKRequestOptions {
  readonly body?: JsonObject;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly stream?: boolean;
  readonly maxRetries: number;
  readonly timeout?: number;
  /** Passed on to the client's `fetch`. */
  // biome-ignore lint/complexity/noBannedTypes: the SDKs accept the platform's `fetch` options here, whose type differs by platform.
  readonly fetchOptions?: {};
}
