import type { BodyIssue, ExperimentSettings } from "@babylon/admin-api/contract";
import { audienceIssues } from "@babylon/settings-store/audience";
import { formatNames, parseNames } from "./name-list.ts";

type Audience = NonNullable<ExperimentSettings["audience"]>;

/** The inputs of an audience, as they are typed. */
export interface AudienceForm {
  /** Names; empty: all. */
  readonly agents: string;
  readonly purposes: string;
  readonly tenants: string;
  /** Empty: none. */
  readonly layer: string;
  readonly layerFrom: string;
  readonly layerTo: string;
}

/** The lists of an audience. */
export const AUDIENCE_LISTS = ["agents", "purposes", "tenants"] as const;

/** The field of a problem. */
export type AudienceField = (typeof AUDIENCE_LISTS)[number] | "layer" | "layerRange";

/** What is wrong with an audience, by field. */
export type AudienceProblems = Readonly<Partial<Record<AudienceField, string>>>;

/** All calls. */
export const ALL_CALLS: AudienceForm = {
  agents: "",
  purposes: "",
  tenants: "",
  layer: "",
  layerFrom: "",
  layerTo: "",
};

const list = (text: string): readonly string[] | undefined => {
  const names = parseNames(text);
  return names.length === 0 ? undefined : names;
};

const number = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** The audience of the inputs; `undefined`: all calls. It may be one that the store refuses. Pure. */
export function toAudience(form: AudienceForm): Audience | undefined {
  const { layer, layerFrom, layerTo } = form;
  const lists = AUDIENCE_LISTS.flatMap((name) => {
    const names = list(form[name]);
    return names === undefined ? [] : [[name, names] as const];
  });
  const hasRange = layerFrom.trim() !== "" || layerTo.trim() !== "";
  const audience: Audience = {
    ...Object.fromEntries(lists),
    ...(layer.trim() === "" ? {} : { layer: layer.trim() }),
    ...(hasRange ? { layerRange: [number(layerFrom), number(layerTo)] as const } : {}),
  };
  return Object.keys(audience).length === 0 ? undefined : audience;
}

/** The inputs of a stored audience. Pure. */
export function toAudienceForm({ agents, purposes, tenants, layer = "", layerRange }: Audience = {}): AudienceForm {
  return {
    agents: formatNames(agents ?? []),
    purposes: formatNames(purposes ?? []),
    tenants: formatNames(tenants ?? []),
    layer,
    layerFrom: layerRange === undefined ? "" : String(layerRange[0]),
    layerTo: layerRange === undefined ? "" : String(layerRange[1]),
  };
}

/** As the other messages of the form. */
const toSentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;

/** The fields of an audience that the server has refused, by the paths of its reply: it may be of another version than the page. Pure. */
export function refusedFields(issues: readonly BodyIssue[] = []): AudienceProblems {
  const found = issues.flatMap(({ path, message }) => {
    const name = /\.audience\.(\w+)/.exec(path)?.[1];
    const field = [...AUDIENCE_LISTS, "layer" as const, "layerRange" as const].find((each) => each === name);
    return field === undefined ? [] : [[field, toSentence(message)] as const];
  });
  return Object.fromEntries(found);
}

/** What is wrong, by the checks of the settings store. Pure. */
export function audienceProblems(form: AudienceForm): AudienceProblems {
  const problems: Partial<Record<AudienceField, string>> = {};
  for (const { field, message } of audienceIssues(toAudience(form) ?? {})) {
    // Of layer and range one is missing.
    const shownAt = field ?? (form.layer.trim() === "" ? "layer" : "layerRange");
    problems[shownAt] ??= toSentence(message);
  }
  return problems;
}
