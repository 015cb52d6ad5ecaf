import type { CallDetail, DetailAttempt } from "@babylon/admin-api/contract";
import { formatDuration } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import { StateLabel } from "../parts/state-label.tsx";
import { describeCost, describeOutcome, describeTokens } from "../words/describe-outcome.ts";
import { type Fact, FactList } from "./fact-list.tsx";

interface AttemptTimelineProps {
  readonly call: CallDetail;
  nameOf(provider: string): string;
}

const KINDS: Readonly<Record<DetailAttempt["kind"], string>> = {
  first: "First attempt",
  retry: "Retry",
  fallback: "Fallback",
  hedge: "Hedge",
  "ask-again": "Asked again",
  continue: "Continued",
};

const code = (text: string | null): ReactElement | null => (text === null ? null : <code>{text}</code>);

function factsOf(attempt: DetailAttempt): readonly Fact[] {
  const { usage, error, responseModel, model } = attempt;
  const cached = usage?.cachedInputTokens ?? 0;
  const input = `${describeTokens(usage?.inputTokens)} in${cached > 0 ? ` (${describeTokens(cached)} cached)` : ""}`;
  const reasoning = usage?.reasoningTokens ?? 0;
  const output = `${describeTokens(usage?.outputTokens)} out${reasoning > 0 ? ` (${describeTokens(reasoning)} reasoning)` : ""}`;
  return [
    [
      "Error",
      error === undefined
        ? null
        : `${error.code}${error.status === null ? "" : `, HTTP ${error.status}`}: ${error.message}`,
    ],
    ["Wait named by the provider", error?.retryAfterMs == null ? null : formatDuration(error.retryAfterMs)],
    ["Tokens", attempt.sent ? (usage === undefined ? "unknown" : `${input}, ${output}`) : "none: not sent"],
    ["Cost", describeCost(attempt.cost)],
    ["First token", attempt.firstTokenMs === null ? null : formatDuration(attempt.firstTokenMs)],
    ["Request id", code(attempt.requestId)],
    ["Response id", code(attempt.responseId)],
    ["Answered as", responseModel === null || responseModel === model ? null : code(responseModel)],
    ["Tier", attempt.serviceTier],
    ["Speed", attempt.speed],
    ["Region", attempt.region],
    ["Endpoint", code(attempt.endpoint)],
    ["Transport", attempt.transport === "stream" ? "Stream" : "JSON"],
  ];
}

/** The attempts of a call on a common line of time, each with its error, tokens, cost and ids. */
export function AttemptTimeline({ call, nameOf }: AttemptTimelineProps): ReactElement {
  const { startedAt, attempts } = call;
  const endOf = (attempt: DetailAttempt) => attempt.startedAt - startedAt + attempt.durationMs;
  const total = Math.max(1, call.durationMs, ...attempts.map(endOf));
  const percent = (ms: number) => `${Math.min(100, Math.max(0, (ms / total) * 100)).toFixed(2)}%`;
  if (attempts.length === 0) return <p className="bm-card bm-empty">No attempt was made.</p>;
  return (
    <ol className="bm-card bm-timeline">
      {attempts.map((attempt) => {
        const { number, kind, provider, model, outcome, durationMs, firstTokenMs, error } = attempt;
        const afterMs = attempt.startedAt - startedAt;
        const words = describeOutcome(outcome);
        return (
          <li key={number} className="bm-attempt" data-attempt={number} data-tone={words.tone}>
            <div className="bm-attempt-head">
              <h3>
                <span className="bm-hidden">Attempt </span>
                {number}. {nameOf(provider)} <span className="bm-mono bm-attempt-model">{model}</span>
              </h3>
              <span className="bm-tag">{KINDS[kind]}</span>
              <StateLabel words={words} />
            </div>
            <div className="bm-track" aria-hidden="true">
              <div className="bm-span" style={{ insetInlineStart: percent(afterMs), width: percent(durationMs) }}>
                {firstTokenMs !== null && durationMs > 0 && (
                  <div
                    className="bm-first-token"
                    style={{ insetInlineStart: `${Math.min(100, (firstTokenMs / durationMs) * 100).toFixed(2)}%` }}
                  />
                )}
              </div>
            </div>
            <p className="bm-note">
              {afterMs > 0 ? `Started after ${formatDuration(afterMs)}` : "Started at once"}, took{" "}
              {formatDuration(durationMs)}
              {error !== undefined && outcome !== "success" ? `, ended with ${error.code}` : ""}.
            </p>
            <FactList facts={factsOf(attempt)} />
          </li>
        );
      })}
    </ol>
  );
}
