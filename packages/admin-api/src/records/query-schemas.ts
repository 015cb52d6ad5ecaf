import type { UsageBucket, UsageDimension } from "@babylon/record-store/contract";
import * as v from "valibot";
import { once, wholeNumber } from "../http/read-query.ts";

/** The values that `by` and the filters can have. */
export const DIMENSIONS: readonly UsageDimension[] = ["provider", "model", "agent", "tenant", "purpose", "outcome"];

const BUCKETS = ["hour", "day", "month", "all"] as const satisfies UsageBucket[];
const MAX_NAMES = 100;
const MAX_NAME = 512;

const MOMENT = /^(?:\d{1,15}|\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?)$/;

const LATEST_MS = Date.UTC(2100, 0, 1);

/** `2026-02-31` is not a date, although `Date.parse` takes it for March 3. */
function isDate(text: string): boolean {
  const date = text.slice(0, 10);
  const at = Date.parse(date);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date) && Date.parse(text) <= LATEST_MS;
}

/** Epoch milliseconds, or ISO 8601 with an offset, or a local date. */
const moment = v.pipe(
  v.string(),
  v.regex(MOMENT, "expected epoch milliseconds, a time such as 2026-11-30T08:00:00Z, or a date such as 2026-11-30"),
  v.check(
    (text) => !MOMENT.test(text) || (/^\d+$/.test(text) ? Number(text) <= LATEST_MS : isDate(text)),
    "is not a date of the calendar before 2100",
  ),
);

const timeZone = v.pipe(
  v.string(),
  v.check((name) => {
    try {
      return name.length <= 64 && new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
    } catch {
      return false;
    }
  }, "expected an IANA time zone such as Europe/Berlin"),
);

const names = v.optional(
  v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(MAX_NAME, `a name has at most ${MAX_NAME} characters`))),
    v.maxLength(MAX_NAMES, `at most ${MAX_NAMES} names`),
  ),
);

const where = { provider: names, model: names, agent: names, tenant: names, purpose: names, outcome: names };
const span = { from: v.optional(once(moment)), to: v.optional(once(moment)), timeZone: v.optional(once(timeZone)) };

/** Accepted names by dimension. */
export type NamesByDimension = { readonly [D in UsageDimension]?: string[] | undefined };

/** The parameters of a time span. */
export interface SpanParams {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** The parameters of `GET …/usage`. */
export interface UsageParams extends SpanParams, NamesByDimension {
  readonly last?: string | undefined;
  readonly bucket?: UsageBucket | undefined;
  readonly by?: UsageDimension[] | undefined;
  readonly top?: number | undefined;
  readonly format?: "json" | "csv" | undefined;
}

/** The parameters of `GET …/usage`. */
export const usageParamsSchema: v.GenericSchema<unknown, UsageParams> = v.strictObject(
  {
    ...span,
    ...where,
    last: v.optional(
      once(v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}(?:h|d|mo)$/, "expected a span such as 24h, 7d or 12mo"))),
    ),
    bucket: v.optional(once(v.picklist(BUCKETS, `expected one of ${BUCKETS.join(", ")}`))),
    by: v.optional(
      v.pipe(
        v.array(v.picklist(DIMENSIONS, `expected one of ${DIMENSIONS.join(", ")}`)),
        v.maxLength(3, "at most 3 dimensions"),
        v.check((by) => new Set(by).size === by.length, "names a dimension twice"),
      ),
    ),
    top: v.optional(once(wholeNumber(1, 1_000))),
    format: v.optional(once(v.picklist(["json", "csv"], "expected json or csv"))),
  },
  "unknown parameter",
);

/** The parameters of `GET …/calls`. */
export interface CallsParams extends SpanParams, NamesByDimension {
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
  readonly search?: string | undefined;
}

/** The parameters of `GET …/calls`. */
export const callsParamsSchema: v.GenericSchema<unknown, CallsParams> = v.strictObject(
  {
    ...span,
    ...where,
    before: v.optional(
      once(v.pipe(v.string(), v.minLength(1, "expected a cursor"), v.maxLength(1_000, "expected a cursor"))),
    ),
    limit: v.optional(once(wholeNumber(1, 500))),
    search: v.optional(once(v.pipe(v.string(), v.trim(), v.maxLength(200, "at most 200 characters")))),
  },
  "unknown parameter",
);

/** The parameters of `GET …/calls/:id`. */
export interface CallParams {
  readonly content?: boolean | undefined;
}

/** The parameters of `GET …/calls/:id`. */
export const callParamsSchema: v.GenericSchema<unknown, CallParams> = v.strictObject(
  {
    content: v.optional(
      once(
        v.pipe(
          v.picklist(["true", "false"], "expected true or false"),
          v.transform((text) => text === "true"),
        ),
      ),
    ),
  },
  "unknown parameter",
);
