import type { CallRecord, ModelRequest, ObservedCall } from "@babylon/llm-core";

/** A call with its question and its answer. */
export interface AnsweredCall {
  readonly record: CallRecord;
  /** The request of the first attempt. */
  readonly request: ModelRequest;
  readonly text: string;
}

/** Observes one call, and passes it on if it was answered with a text. Calls with tools are left out: their answers are actions. */
export function watchAnswer(onAnswer: (answered: AnsweredCall) => void): ObservedCall {
  let request: ModelRequest | null = null;
  let text: string | null = null;
  return {
    attempt(start) {
      request ??= start.request();
      return {
        run: (send) => send(),
        end(attempt, answer) {
          if (attempt.outcome === "success") text = answer().text;
        },
      };
    },
    end(record) {
      if (record.outcome !== "success" || request === null || text === null || text === "") return;
      if (request.tools === undefined) onAnswer({ record, request, text });
    },
  };
}
