import type { TestData } from "@babylon/admin-api/contract";
import { formatDuration } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import type { RequestFailure } from "../data/request-failure.ts";
import { Icon } from "./icon.tsx";

/** The outcome of a test. */
export type Outcome = { readonly data: TestData } | { readonly failure: RequestFailure };

interface TestOutcomeProps {
  readonly outcome: Outcome;
  nameOf(provider: string): string;
  onDismiss(): void;
}

const SHOWN_CHARACTERS = 400;

const shorten = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
const tokens = (count: number | null) => (count === null ? "?" : String(count));

function Answer({ data, nameOf }: { readonly data: TestData; nameOf(provider: string): string }): ReactElement {
  const { provider, model, firstTokenMs, durationMs, usage, text } = data;
  return (
    <>
      <p>
        <strong>{nameOf(provider)} answered</strong> with <span className="bm-mono">{model}</span>
      </p>
      <blockquote>{text === "" ? "(an empty answer)" : shorten(text)}</blockquote>
      <p className="bm-note">
        First token after {formatDuration(firstTokenMs)}, complete after {formatDuration(durationMs)} ·{" "}
        {tokens(usage.inputTokens)} input tokens, {tokens(usage.outputTokens)} output tokens
      </p>
    </>
  );
}

function Failure({
  failure,
  nameOf,
}: {
  readonly failure: RequestFailure;
  nameOf(provider: string): string;
}): ReactElement {
  const { reply } = failure;
  const test = reply?.test;
  const who = test?.provider == null ? "The test" : nameOf(test.provider);
  const facts = [
    reply?.code,
    test?.status == null ? undefined : `HTTP ${test.status}`,
    test === undefined ? undefined : `after ${formatDuration(test.durationMs)}`,
    test?.requestId == null ? undefined : `request ${test.requestId}`,
  ].filter((fact) => fact !== undefined);
  return (
    <>
      <p>
        <strong>{who} failed</strong>
        {test?.model == null ? "" : " with "}
        {test?.model != null && <span className="bm-mono">{test.model}</span>}
      </p>
      <p className="bm-break">{failure.message}</p>
      {facts.length > 0 && <p className="bm-note">{facts.join(" · ")}</p>}
    </>
  );
}

/** Shows the outcome of a test call. */
export function TestOutcome({ outcome, nameOf, onDismiss }: TestOutcomeProps): ReactElement {
  const good = "data" in outcome;
  return (
    <div className="bm-outcome" data-tone={good ? "good" : "bad"} role="status">
      <Icon name={good ? "check" : "alert"} />
      <div className="bm-outcome-text">
        {good ? <Answer data={outcome.data} nameOf={nameOf} /> : <Failure failure={outcome.failure} nameOf={nameOf} />}
      </div>
      <button type="button" className="bm-icon-button" aria-label="Dismiss the result of the test" onClick={onDismiss}>
        <Icon name="cross" />
      </button>
    </div>
  );
}
