import type { JsonObject, JsonValue } from "./json.ts";

/**
 * Fields for one provider's wire, keyed by provider id: `{ acme: { body: { service_tier: "flex" } } }`.
 *
 * On a call, `body` is merged into the request body and `headers` are added to the request. On a message or a part, `body` is
 * merged into what that message or part becomes. A provider never sees another provider's options.
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

/** A tool call the assistant made in an earlier turn. */
export interface ToolCallPart extends PartBase {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** The arguments as a JSON value. */
  readonly input: JsonValue;
}

/** What a tool answered, sent back to the model. */
export interface ToolResultPart extends PartBase {
  readonly type: "tool-result";
  /** The `id` of the tool call this answers. */
  readonly toolCallId: string;
  readonly toolName?: string | undefined;
  /** A string goes out as it is, anything else as JSON. */
  readonly output: JsonValue;
  readonly isError?: boolean | undefined;
}

/**
 * Reasoning the assistant showed in an earlier turn.
 *
 * `origin` and `data` are set by the adapter that received it. The part goes back only to the provider and model named there;
 * for any other link it is left out of the request.
 */
export interface ReasoningPart extends PartBase {
  readonly type: "reasoning";
  readonly text: string;
  /** Which provider and model produced it. Without it the part is sent to nobody. */
  readonly origin?: { readonly provider: string; readonly model: string } | undefined;
  /** What the vendor needs to accept it again, such as a signature. Opaque to everyone else. */
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

/** What the user said. */
export interface UserMessage {
  readonly role: "user";
  readonly content: string | readonly (TextPart | ImagePart | FilePart)[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** What the assistant answered: append `result.message` as it is for the next turn. */
export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: string | readonly (TextPart | ReasoningPart | ToolCallPart)[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** The answers of tools. */
export interface ToolMessage {
  readonly role: "tool";
  readonly content: readonly ToolResultPart[];
  readonly providerOptions?: ProviderOptions | undefined;
}

/** One message of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;
