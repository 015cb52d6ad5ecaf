import type { EvaluatedExample, EvaluationData } from "@babylon/admin-api/contract";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { SelectLine } from "../experiments/select-line.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { formatScore } from "../words/describe-tuning.ts";

/** Who was better, by the first scorer. */
type Outcome = "candidate" | "baseline" | "neither";

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  candidate: "candidate better",
  baseline: "baseline better",
  neither: "no difference",
};
const OUTCOMES: readonly Outcome[] = ["baseline", "candidate", "neither"];

function outcomeOf({ scores }: EvaluatedExample): Outcome {
  const [candidate, baseline] = Object.values(scores)[0] ?? [null, null];
  if (candidate === null || baseline === null || candidate === baseline) return "neither";
  return candidate > baseline ? "candidate" : "baseline";
}

interface AnswerProps {
  readonly title: string;
  /** `null`: the call failed. */
  readonly text: string | null;
  /** By scorer. */
  readonly scores?: readonly (readonly [name: string, score: number | null])[];
}

function Answer({ title, text, scores = [] }: AnswerProps): ReactElement {
  return (
    <div className="bm-side">
      <h4>{title}</h4>
      <p className="bm-content-text">{text ?? "The call failed."}</p>
      {scores.length > 0 && (
        <p className="bm-note">{scores.map(([name, score]) => `${name} ${formatScore("score", score)}`).join(", ")}</p>
      )}
    </div>
  );
}

function Example({ example }: { readonly example: EvaluatedExample }): ReactElement {
  const { number, prompt, expected, candidate, baseline, scores } = example;
  const entries = Object.entries(scores);
  const question = prompt.at(-1);
  const earlier = prompt.slice(0, -1);
  return (
    <li className="bm-example" data-example={number}>
      <h3>
        Example {number}: {OUTCOME_WORDS[outcomeOf(example)]}
      </h3>
      {earlier.length > 0 && (
        <details className="bm-chart-table">
          <summary>
            Messages before<span className="bm-hidden"> of example {number}</span>
          </summary>
          {earlier.map(({ role, text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no ids and never change
            <p key={at} className="bm-content-text">
              <strong>{role}</strong> {text}
            </p>
          ))}
        </details>
      )}
      {question !== undefined && (
        <p className="bm-content-text">
          <strong>{question.role}</strong> {question.text}
        </p>
      )}
      <div className="bm-sides">
        <Answer title="Candidate" text={candidate} scores={entries.map(([name, [score]]) => [name, score])} />
        <Answer title="Baseline" text={baseline} scores={entries.map(([name, [, score]]) => [name, score])} />
      </div>
      <Answer title="Recorded answer" text={expected} />
    </li>
  );
}

function ExampleList({ examples }: { readonly examples: readonly EvaluatedExample[] }): ReactElement {
  const [shown, setShown] = useState<Outcome | null>(null);
  const countOf = (outcome: Outcome) => examples.filter((each) => outcomeOf(each) === outcome).length;
  return (
    <div className="bm-stack">
      <div className="bm-example-filter">
        <SelectLine
          label="Show"
          value={shown ?? "all"}
          onChange={(value) => setShown(OUTCOMES.find((each) => each === value) ?? null)}
        >
          <option value="all">All ({examples.length})</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {OUTCOME_WORDS[outcome]} ({countOf(outcome)})
            </option>
          ))}
        </SelectLine>
      </div>
      <ul className="bm-card bm-examples">
        {examples
          .filter((each) => shown === null || outcomeOf(each) === shown)
          .map((example) => (
            <Example key={example.number} example={example} />
          ))}
      </ul>
    </div>
  );
}

interface ExampleSectionProps {
  readonly data: EvaluationData;
  readonly client: AdminClient;
  readonly queries: QueryClient;
}

/** Examples with both answers; they are requested only by the button. */
export function ExampleSection({ data, client, queries }: ExampleSectionProps): ReactElement {
  const { evaluation, mayReadContent } = data;
  const [wanted, setWanted] = useState(false);
  const content = useQuery(
    {
      queryKey: ["tuning-examples", client.endpoint, evaluation.id],
      queryFn: ({ signal }) => client.evaluation(evaluation.id, true, signal),
      enabled: wanted,
      // Content does not stay in memory when the page is left.
      gcTime: 0,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const count = evaluation.examples;
  if (count === 0) return <p className="bm-card bm-empty">No examples are stored.</p>;
  if (!mayReadContent) {
    return (
      <p className="bm-card bm-empty">{count} examples are stored. You need the permission “content” to read them.</p>
    );
  }
  if (content.data?.examples != null) return <ExampleList examples={content.data.examples} />;
  return (
    <div className="bm-card bm-card-foot">
      {content.error !== null && <p className="bm-problem">{toRequestFailure(content.error).message}.</p>}
      <ActionButton
        className="bm-button"
        blocked={content.isFetching}
        onClick={() => (wanted ? void content.refetch() : setWanted(true))}
      >
        {content.isFetching ? "Loading…" : `Show ${count} examples`}
      </ActionButton>
      <p className="bm-note">Reading them is logged with your name.</p>
    </div>
  );
}
