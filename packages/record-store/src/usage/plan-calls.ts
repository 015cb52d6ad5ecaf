import { invalidInput } from "@babylon/llm-core";
import type { CallsQuery } from "../contract/calls-query.ts";
import { type NameFilter, toNameFilter } from "./plan-usage.ts";

/** A position in the log: behind this call. */
export interface LogCursor {
  readonly startedAt: number;
  /** Orders calls that started at the same time; its meaning is the engine's. */
  readonly id: string;
}

/** A checked query of the log. */
export interface CallsPlan {
  readonly where: NameFilter;
  readonly from: number;
  /** `null`: no end. */
  readonly to: number | null;
  readonly before: LogCursor | null;
  readonly limit: number;
}

const MAX_LIMIT = 1_000;

/** The text of a cursor. */
export const toCursorText = ({ startedAt, id }: LogCursor): string => `${startedAt}~${id}`;

function parseCursor(text: string): LogCursor {
  const [, startedAt = "", id = ""] = /^(\d{1,16}(?:\.\d+)?)~(.+)$/s.exec(text) ?? [];
  if (id === "") throw invalidInput("before", "the cursor of a page");
  return { startedAt: Number(startedAt), id };
}

/** Checks a query. Throws `invalid_input` with the path of the field that is not valid. */
export function planCalls({ where, from = 0, to, before, limit }: CallsQuery): CallsPlan {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw invalidInput("limit", `a whole number from 1 to ${MAX_LIMIT}`);
  }
  return {
    where: toNameFilter(where),
    from,
    to: to ?? null,
    before: before === undefined ? null : parseCursor(before),
    limit,
  };
}
