export { abortable } from "./abortable.ts";
export { areHeaders } from "./are-headers.ts";
export type { AttemptFacts } from "./attempt-facts.ts";
export { BodyTooLargeError } from "./body-too-large.ts";
export { type ByteLimit, DEFAULT_LIMIT } from "./byte-limit.ts";
export { checkListLength } from "./check-list-length.ts";
export { cleanText } from "./clean-text.ts";
export { codeForStatus } from "./code-for-status.ts";
export {
  type Ask,
  type AskContext,
  type AskedReply,
  type AskedSource,
  type Asking,
  type AskingOptions,
  createAsking,
  type Reply,
} from "./create-asking.ts";
export { createEventParser, type EventParser, type ServerSentEvent } from "./event-parser.ts";
export { type FailedFinish, failedFinish, failedFinishError } from "./failed-finish.ts";
export { type FetchFunction, fetchTransport } from "./fetch-transport.ts";
export { hidePrompt } from "./hide-prompt.ts";
export { joinURL } from "./join-url.ts";
export { mergeBody } from "./merge-body.ts";
export { mergeHeaders } from "./merge-headers.ts";
export { networkError } from "./network-error.ts";
export { parseDuration } from "./parse-duration.ts";
export { parseRateLimits } from "./parse-rate-limits.ts";
export { parseReset } from "./parse-reset.ts";
export { parseRetryAfter } from "./parse-retry-after.ts";
export { parseShouldRetry } from "./parse-should-retry.ts";
export { promptTexts } from "./prompt-texts.ts";
export { readBody } from "./read-body.ts";
export { readEvents } from "./read-events.ts";
export { arrayField, fieldOf, numberField, parseJSON, stringField } from "./read-field.ts";
export { type EventMapper, readParts, type StreamReply } from "./read-parts.ts";
export { type Classify, type ErrorReply, replyError, type Verdict, waitOf } from "./reply-error.ts";
export { parseResponseJSON, responseError } from "./response-error.ts";
export { requestIdOf, responseHead } from "./response-head.ts";
export { saysBadKey } from "./says-bad-key.ts";
export { createClientSender } from "./sdk/client-sender.ts";
export { createOwnClientSender, type SDKFetch } from "./sdk/own-client-sender.ts";
export type { SDKClient, SDKReply, SDKRequestOptions } from "./sdk/sdk-client.ts";
export { type ApiRequest, createSender, type Sender } from "./sender.ts";
export { createTextTemplate, type TextTemplate } from "./text-template.ts";
export type { ResponseHeaders, Transport, TransportRequest, TransportResponse } from "./transport.ts";
export { isHTML, vendorMessage } from "./vendor-message.ts";
export { vendorWord } from "./vendor-word.ts";
