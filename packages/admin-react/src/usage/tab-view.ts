import type { UsageBucket, UsageDimension } from "@babylon/admin-api/contract";
import { DIMENSION_NAMES } from "../words/name-group.ts";

/** A page of the tab. */
export type PageName = "models" | "usage" | "calls" | "budgets" | "experiments" | "tuning";

/** Accepted names by dimension. */
export type Filters = { readonly [D in UsageDimension]?: readonly string[] | undefined };

/** What the tab shows; kept in the URL, so that it can be shared and survives a reload. */
export interface TabView {
  readonly page: PageName;
  /** The id of the open call; `null`: the list. */
  readonly call: string | null;
  /** The id of the open experiment; `null`: the list. */
  readonly experiment: string | null;
  /** The open job, dataset or evaluation, such as `job:1a2b`; `null`: the lists. */
  readonly tuning: string | null;
  /** `7d`; `custom` for `from` and `to`. */
  readonly range: string;
  /** Local dates, `2026-11-30`; `to` is included. Empty: not chosen. */
  readonly from: string;
  readonly to: string;
  /** `null`: the one that fits the range. */
  readonly bucket: UsageBucket | null;
  /** `null`: that of the browser. */
  readonly timeZone: string | null;
  readonly by: UsageDimension | null;
  readonly where: Filters;
  readonly search: string;
}

/** The names of the parameters begin with this: the rest of the URL is the host's. */
const PREFIX = "ai-";

/** What is shown without parameters. */
export const DEFAULT_VIEW: TabView = {
  page: "models",
  call: null,
  experiment: null,
  tuning: null,
  range: "7d",
  from: "",
  to: "",
  bucket: null,
  timeZone: null,
  by: "provider",
  where: {},
  search: "",
};

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

const dateOf = (text: string | null): string => (/^\d{4}-\d{2}-\d{2}$/.test(text ?? "") ? (text ?? "") : "");

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Reads a view from the query of a URL. What is not valid has its default. Pure. */
export function parseView(search: string): TabView {
  const params = new URLSearchParams(search);
  const get = (name: string) => params.get(PREFIX + name);
  const where = Object.fromEntries(
    DIMENSION_NAMES.flatMap((dimension) => {
      const names = params.getAll(PREFIX + dimension);
      return names.length === 0 ? [] : [[dimension, names]];
    }),
  );
  const zone = get("zone");
  const by = get("by");
  return {
    page: oneOf(["models", "usage", "calls", "budgets", "experiments", "tuning"], get("page")) ?? "models",
    call: get("call"),
    experiment: get("experiment"),
    tuning: get("tuning"),
    range: oneOf(["24h", "7d", "30d", "90d", "12mo", "custom"], get("range")) ?? DEFAULT_VIEW.range,
    from: dateOf(get("from")),
    to: dateOf(get("to")),
    bucket: oneOf(["hour", "day", "month"], get("bucket")),
    timeZone: zone !== null && isTimeZone(zone) ? zone : null,
    by: by === "none" ? null : (oneOf(DIMENSION_NAMES, by) ?? DEFAULT_VIEW.by),
    where,
    search: get("search") ?? "",
  };
}

/** Writes a view into the query of a URL; parameters of the host are kept, defaults are left out. Pure. */
export function writeView(view: TabView, search: string): string {
  const params = new URLSearchParams(search);
  for (const name of [...params.keys()]) if (name.startsWith(PREFIX)) params.delete(name);
  const set = (name: string, value: string | null, base: string | null) => {
    if (value !== null && value !== base) params.set(PREFIX + name, value);
  };
  set("page", view.page, DEFAULT_VIEW.page);
  set("call", view.call, null);
  set("experiment", view.experiment, null);
  set("tuning", view.tuning, null);
  set("range", view.range, DEFAULT_VIEW.range);
  set("from", view.range === "custom" ? view.from : "", "");
  set("to", view.range === "custom" ? view.to : "", "");
  set("bucket", view.bucket, null);
  set("zone", view.timeZone, null);
  set("by", view.by ?? "none", DEFAULT_VIEW.by);
  set("search", view.search, "");
  for (const dimension of DIMENSION_NAMES) {
    for (const name of view.where[dimension] ?? []) params.append(PREFIX + dimension, name);
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** A view with a filter more, or less. Pure. */
export function toggleFilter(view: TabView, dimension: UsageDimension, name: string, on: boolean): TabView {
  const others = (view.where[dimension] ?? []).filter((each) => each !== name);
  const names = on ? [...others, name] : others;
  return { ...view, call: null, where: { ...view.where, [dimension]: names.length === 0 ? undefined : names } };
}
