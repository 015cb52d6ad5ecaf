import type { Attempt } from "@babylon/llm-core";
import type { RecordedRequest } from "../simulator/server/request-log.ts";

/** Finds the request of an attempt; `null`: no part of its reply has arrived that says which one it is. */
export type RequestFinder = (attempt: Pick<Attempt, "requestId" | "responseId">) => RecordedRequest | null;

/** `chatcmpl-` and `msg_`. */
const PREFIX = /^[a-z]+[-_]/;

/** Finds requests by the id in a reply's header, or else by the id of the answer. */
export function createRequestFinder(requests: readonly RecordedRequest[]): RequestFinder {
  const byRequest = new Map(requests.map((request) => [request.requestId, request]));
  const byAnswer = new Map(requests.map((request) => [request.answerId, request]));
  return ({ requestId, responseId }) => {
    if (requestId) return byRequest.get(requestId) ?? null;
    return responseId ? (byAnswer.get(responseId.replace(PREFIX, "")) ?? null) : null;
  };
}
