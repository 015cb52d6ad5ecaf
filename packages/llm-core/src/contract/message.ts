import type { JsonObject, JsonValue } from "./json.ts";

/**
 * Vendor-specific fields by provider id: `{ acme: { body: { service_tier: "flex" } } }`.
 *
 * On a call, `body` is merged into the request body and `headers` are added to the request. On a message or a part, `body` is merged into
 * the serialized message or part. A provider gets its own options only.
 */
export type ProviderOptions = Readonly<
  Record<
    string,
    { readonly body?: JsonObject | undefined; readonly headers?: Readonly<Record<string, string>> | undefined }
  >
>;

interface PartBase {
  readonly providerOptions?: ProviderOptions | undefined;
}

/** Plain text. */
export interface TextPart extends PartBase {
  readonly type: "text";
  readonly text: string;
}

/** An image: an `http(s)` or `data:` URL, or base64 data with its media type. */
export interface ImagePart extends PartBase {
  readonly type: "image";
  /** An `https:` or `data:` URL. Give this or `data`. */
  readonly url?: string | undefined;
  /** Base64, without the `data:` prefix. Needs `mediaType`. */
  readonly data?: string | undefined;
  /** For example `image/png`. */
  readonly mediaType?: string | undefined;
}

/** A document, such as a PDF, as base64 data. */
export interface FilePart extends PartBase {
  readonly type: "file";
  /** Base64, without the `data:` prefix. */
  readonly data: string;
  /** For example `application/pdf`. */
  readonly mediaType: string;
  readonly filename?: string | undefined;
}

/** A tool call of the assistant in an earlier turn. */
export interface ToolCallPart extends PartBase {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** The arguments as a JSON value. */
  readonly input: JsonValue;
  /** Which provider and model made the call. `data` goes back to no other. */
  readonly origin?: { readonly provider: string; readonly model: string } | undefined;
  /** Opaque data that the vendor attached to the call and requires back, such as a signature. */
  readonly data?: JsonObject | undefined;
}

/** The output of a tool, returned to the model. */
export interface ToolResultPart extends PartBase {
  readonly type: "tool-result";
  /** The `id` of the tool call. */
  readonly toolCallId: string;
  readonly toolName?: string | undefined;
  /** A string is sent unchanged, any other value as JSON. */
  readonly output: JsonValue;
  readonly isError?: boolean | undefined;
}

/**
 * Reasoning of the assistant in an earlier turn.
 *
 * The adapter that received it sets `origin` and `data`. The part is returned only to the provider and model of `origin`; requests to
 * other links omit it.
 */
export interface ReasoningPart extends PartBase {
  readonly type: "reasoning";
  readonly text: string;
  /** The provider and model that produced it. Without it no request contains the part. */
  readonly origin?: { readonly provider: string; readonly model: string } | undefined;
  /** Opaque data that the vendor requires with the part, such as a signature. */
  readonly data?: JsonObject | undefined;
}

/** A part of any message. */
export type MessagePart = TextPart | ImagePart | FilePart | ToolCallPart | ToolResultPart | ReasoningPart;

/** Instructions from the developer. Several are joined in order. */
export interface SystemMessage {
  readonly role: "system";
  readonly content: string | readonly TextPart[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** Input of the user. */
export interface UserMessage {
  readonly role: "user";
  readonly content: string | readonly (TextPart | ImagePart | FilePart)[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** An answer of the assistant. Append `result.message` unchanged for the next turn. */
export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: string | readonly (TextPart | ReasoningPart | ToolCallPart)[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** The outputs of tools. */
export interface ToolMessage {
  readonly role: "tool";
  readonly content: readonly ToolResultPart[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** One message of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;
