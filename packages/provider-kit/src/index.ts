export type { AttemptFacts } from "./attempt-facts.ts";
export { checkListLength } from "./errors/check-list-length.ts";
export { cleanText } from "./errors/clean-text.ts";
export { codeForStatus } from "./errors/code-for-status.ts";
export { type FailedFinish, failedFinish, failedFinishError } from "./errors/failed-finish.ts";
export { hidePrompt } from "./errors/hide-prompt.ts";
export { isBadKeyMessage } from "./errors/is-bad-key-message.ts";
export { isErrorObject, isErrorValue } from "./errors/is-error-object.ts";
export { networkError } from "./errors/network-error.ts";
export { promptTexts } from "./errors/prompt-texts.ts";
export { type Classify, type ErrorClassification, type ErrorReply, replyError, waitOf } from "./errors/reply-error.ts";
export { parseResponseJSON, responseError } from "./errors/response-error.ts";
export { isHTML, vendorMessage } from "./errors/vendor-message.ts";
export { vendorWord } from "./errors/vendor-word.ts";
export {
  type BaseReplySource,
  createRequester,
  type OpenedReply,
  type Requester,
  type RequesterOptions,
  type WireReply,
  type WireRequest,
  type WireRequestContext,
} from "./exchange/create-requester.ts";
export { areHeaders } from "./headers/are-headers.ts";
export { mergeHeaders } from "./headers/merge-headers.ts";
export { parseDuration } from "./headers/parse-duration.ts";
export { parseRateLimits } from "./headers/parse-rate-limits.ts";
export { parseReset } from "./headers/parse-reset.ts";
export { parseRetryAfter } from "./headers/parse-retry-after.ts";
export { parseShouldRetry } from "./headers/parse-should-retry.ts";
export { requestIdOf, responseHead } from "./headers/response-head.ts";
export { abortable } from "./http/abortable.ts";
export { BodyTooLargeError } from "./http/body-too-large.ts";
export { type ByteLimit, DEFAULT_LIMIT } from "./http/byte-limit.ts";
export { type FetchFunction, fetchTransport } from "./http/fetch-transport.ts";
export { isNotConnected } from "./http/is-not-connected.ts";
export { joinURL } from "./http/join-url.ts";
export { mergeBody } from "./http/merge-body.ts";
export { readBody } from "./http/read-body.ts";
export { type ApiRequest, createSender, type Sender } from "./http/sender.ts";
export type { ResponseHeaders, Transport, TransportRequest, TransportResponse } from "./http/transport.ts";
export { arrayField, fieldOf, indexField, numberField, parseJSON, stringField } from "./read-field.ts";
export { createClientSender } from "./sdk/client-sender.ts";
export { createOwnClientSender, type SDKFetch } from "./sdk/own-client-sender.ts";
export type { SDKClient, SDKReply, SDKRequestOptions } from "./sdk/sdk-client.ts";
export { eventsOf, isEventBody } from "./sse/event-body.ts";
export { createEventParser, type EventParser, type ServerSentEvent } from "./sse/event-parser.ts";
export { readEvents } from "./sse/read-events.ts";
export { type EventMapper, readStreamParts, type StreamReply } from "./sse/read-stream-parts.ts";
export { createTextTemplate, type TextTemplate } from "./sse/text-template.ts";
export { type CollectedMembers, collectMembers, setMember } from "./wire/collect-members.ts";
export { finishWord, isNoFinish } from "./wire/finish-words.ts";
export { fileNameFor, type Media, mediaOf, mediaTypeOf } from "./wire/media.ts";
export { contextTokensOf, modelRows, outputTokensOf } from "./wire/model-rows.ts";
export { createObjectScan, type ObjectScan } from "./wire/object-scan.ts";
export { type ToolIdForm, withToolIds } from "./wire/tool-ids.ts";
