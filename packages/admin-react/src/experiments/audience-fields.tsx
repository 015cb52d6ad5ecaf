import type { SystemSettings } from "@babylon/admin-api/contract";
import type { QueryClient } from "@tanstack/react-query";
import { type ReactElement, useId, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import type { AudienceForm, AudienceProblems } from "../edit/audience-form.ts";
import { mergeNames, namesInSettings } from "../edit/known-names.ts";
import { ListLine } from "../parts/list-line.tsx";
import { TextLine } from "../parts/text-line.tsx";
import { localZone } from "../usage/usage-params.ts";
import { useNames } from "../usage/use-names.ts";

interface AudienceFieldsProps {
  readonly audience: AudienceForm;
  readonly problems: AudienceProblems;
  readonly settings: SystemSettings;
  /** Whether calls are recorded: their names are suggested. */
  readonly hasRecords: boolean;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  onChange(part: Partial<AudienceForm>): void;
}

/** The calls that an experiment is about: names, and a part of a layer, which few experiments need. */
export function AudienceFields(props: AudienceFieldsProps): ReactElement {
  const { audience, problems, settings, hasRecords, client, queries, onChange } = props;
  const source = { client, queries, last: "30d", timeZone: localZone(), enabled: hasRecords };
  const named = namesInSettings(settings);
  const agents = mergeNames(useNames("agent", source), named.agents);
  const purposes = mergeNames(useNames("purpose", source), named.purposes);
  const tenants = mergeNames(useNames("tenant", source), named.tenants);
  const hasLayer = `${audience.layer}${audience.layerFrom}${audience.layerTo}` !== "";
  const [open, setOpen] = useState(hasLayer);
  const isShown = open || problems.layer !== undefined || problems.layerRange !== undefined;
  const region = useId();
  return (
    <>
      <h3>Audience</h3>
      <p className="bm-note">
        Only calls that every list contains; an empty list contains all calls. One name a line, or commas between names.
      </p>
      <ListLine
        label="Agents"
        value={audience.agents}
        problem={problems.agents}
        placeholder="all"
        known={agents}
        onChange={(text) => onChange({ agents: text })}
      />
      <ListLine
        label="Purposes"
        value={audience.purposes}
        problem={problems.purposes}
        placeholder="all"
        known={purposes}
        onChange={(text) => onChange({ purposes: text })}
      />
      <ListLine
        label="Tenants"
        value={audience.tenants}
        problem={problems.tenants}
        placeholder="all, also calls without one"
        known={tenants}
        onChange={(text) => onChange({ tenants: text })}
      />
      <div>
        <button
          type="button"
          className="bm-text-button"
          aria-expanded={isShown}
          aria-controls={isShown ? region : undefined}
          onClick={() => setOpen(!isShown)}
        >
          Part of a layer (advanced)
        </button>
      </div>
      {isShown && (
        <div id={region} className="bm-stack">
          <p className="bm-note">
            Experiments in one layer whose ranges do not overlap have no unit in common, so they can change the same
            calls at the same time.
          </p>
          <TextLine
            label="Layer"
            value={audience.layer}
            problem={problems.layer}
            mono
            placeholder="none"
            onChange={(layer) => onChange({ layer })}
          />
          <TextLine
            label="Range from"
            value={audience.layerFrom}
            problem={problems.layerRange}
            numeric
            placeholder="0"
            onChange={(layerFrom) => onChange({ layerFrom })}
          />
          <TextLine
            label="Range to"
            value={audience.layerTo}
            numeric
            placeholder="1"
            note="From 0 to 1; the end is excluded."
            onChange={(layerTo) => onChange({ layerTo })}
          />
        </div>
      )}
    </>
  );
}
