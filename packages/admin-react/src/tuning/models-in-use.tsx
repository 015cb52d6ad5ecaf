import type { CanaryState, TunedState } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { type Fact, FactList } from "../calls/fact-list.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { formatPercent, STATE_WORDS } from "../words/describe-experiment.ts";
import { formatAgo } from "../words/format-time.ts";
import { ViewLink } from "./open-link.tsx";
import { StateTag } from "./state-tag.tsx";
import type { TuningContext } from "./tuning-context.ts";

function Model({ context, model }: { readonly context: TuningContext; readonly model: TunedState }): ReactElement {
  const { now, nameOf, readOnly, onRollBack } = context;
  const facts: readonly Fact[] = [
    ["Model", <code key="model">{model.model}</code>],
    ["Served by", nameOf(model.provider)],
    ["Base model", model.baseModel],
    ["Used for", model.agents === null ? "all calls of the provider" : model.agents.join(", ")],
    ["Promoted", model.promotedAt === null ? "unknown" : formatAgo(model.promotedAt, now)],
    ["Evaluated", model.evaluatedAt === null ? "no" : formatAgo(Date.parse(model.evaluatedAt), now)],
  ];
  return (
    <li className="bm-tuned" data-model={model.name}>
      <div className="bm-attempt-head">
        <h3>{model.name}</h3>
        <StateTag label="In the chain" tone="good" />
        <ActionButton
          className="bm-button"
          aria-label={`Roll back ${model.name}…`}
          blocked={readOnly || model.blocked !== null}
          onClick={() => onRollBack(model.name)}
        >
          Roll back…
        </ActionButton>
      </div>
      <FactList facts={facts} />
      {model.blocked !== null && <p className="bm-note bm-break">Cannot be rolled back: {model.blocked}.</p>}
    </li>
  );
}

function Canary({ context, canary }: { readonly context: TuningContext; readonly canary: CanaryState }): ReactElement {
  const { name, experiment, state, winner, model, share } = canary;
  const { label, tone } = STATE_WORDS[state];
  return (
    <li className="bm-tuned" data-canary={name}>
      <div className="bm-attempt-head">
        <h3>Canary of {name}</h3>
        <StateTag label={winner === null ? label : `${label}, winner ${winner}`} tone={tone} />
      </div>
      <p className="bm-note bm-break">
        {share === null ? "A part" : formatPercent(share)} of the units get {model ?? "the model"} first. Its report,
        pause and stop are those of the experiment{" "}
        {context.data.experiments ? (
          <ViewLink context={context} change={{ page: "experiments", experiment, tuning: null }}>
            {experiment}
          </ViewLink>
        ) : (
          <span className="bm-mono">{experiment}</span>
        )}
        .
      </p>
    </li>
  );
}

/** The tuned models of the settings, and their canaries. */
export function ModelsInUse({ context }: { readonly context: TuningContext }): ReactElement {
  const { models, canaries } = context.tuning;
  if (models.length === 0 && canaries.length === 0) {
    return (
      <p className="bm-card bm-empty">
        No tuned model is in the chain. Promote one from its training or its evaluation, or with{" "}
        <code className="bm-break">babylon-llm tune promote</code>
      </p>
    );
  }
  return (
    <ul className="bm-card bm-tuned-list">
      {models.map((model) => (
        <Model key={model.name} context={context} model={model} />
      ))}
      {canaries.map((canary) => (
        <Canary key={canary.experiment} context={context} canary={canary} />
      ))}
    </ul>
  );
}
