import type { Task } from "../run/task.ts";
import type { Row } from "./row.ts";

/** A row whose work is repeated in long-running processes. */
export interface WorkRow extends Row {
  readonly task: Pick<Task, "kind" | "count" | "parallel">;
  /** The behaviour of the mock server. */
  readonly behaviour: string;
  /** Its behaviour for the fallback. */
  readonly next?: string;
}

/** The number of parallel streams in the rows with production conditions. */
const PACED_STREAMS = 250;

export const WORK_ROWS: readonly WorkRow[] = [
  {
    what: "CPU per JSON call, 64 at a time",
    unit: "us",
    ours: "babylon",
    others: ["ai-fallback", "langchain", "transport"],
    limits: [
      { peer: "openai", ratio: 0.35 },
      { peer: "ai-sdk", ratio: 0.4 },
    ],
    task: { kind: "json", count: 1_920, parallel: 64 },
    behaviour: "json",
  },
  {
    what: "the SDK in its documented way: CPU per JSON call, 64 at a time",
    unit: "us",
    ours: "babylon-documented",
    others: [],
    limits: [{ peer: "openai", ratio: 0.65 }],
    task: { kind: "json", count: 1_920, parallel: 64 },
    behaviour: "json",
  },
  {
    what: `CPU per token, ${PACED_STREAMS} streams at once, a token every 20 ms`,
    unit: "us",
    ours: "babylon",
    others: ["ai-sdk", "transport"],
    limits: [
      { peer: "openai", ratio: 0.6 },
      { peer: "undici", ratio: 1.7 },
    ],
    task: { kind: "paced", count: PACED_STREAMS, parallel: PACED_STREAMS },
    behaviour: "paced",
  },
  {
    what: "CPU per streamed chunk, 2,000 in one burst (no model writes so)",
    unit: "us",
    ours: "babylon",
    others: ["langchain", "transport"],
    limits: [
      { peer: "openai", ratio: 0.4, stretch: 0.3 },
      { peer: "ai-sdk", ratio: 0.12 },
    ],
    task: { kind: "burst", count: 8, parallel: 1 },
    behaviour: "burst",
  },
  {
    what: "Claude: CPU per JSON call, 64 at a time",
    unit: "us",
    ours: "babylon-claude",
    others: [],
    limits: [{ peer: "anthropic", ratio: 0.6 }],
    task: { kind: "json", count: 1_920, parallel: 64 },
    behaviour: "json",
  },
  {
    what: `Claude: CPU per token, ${PACED_STREAMS} streams at once, a token every 20 ms`,
    unit: "us",
    ours: "babylon-claude",
    others: [],
    limits: [{ peer: "anthropic", ratio: 1.05 }],
    task: { kind: "paced", count: PACED_STREAMS, parallel: PACED_STREAMS },
    behaviour: "paced",
  },
  {
    what: "Claude: CPU per streamed chunk, 2,000 in one burst (no model writes so)",
    unit: "us",
    ours: "babylon-claude",
    others: [],
    limits: [{ peer: "anthropic", ratio: 1.05 }],
    task: { kind: "burst", count: 8, parallel: 1 },
    behaviour: "burst",
  },
  {
    what: "time to the first chunk",
    unit: "ms",
    ours: "babylon",
    others: ["langchain", "transport"],
    limits: [
      { peer: "openai", ratio: 0.55, stretch: 0.45 },
      { peer: "ai-sdk", ratio: 0.4 },
    ],
    task: { kind: "first-chunk", count: 40, parallel: 1 },
    behaviour: "first",
  },
  {
    what: "CPU per call that falls over after an instant 500 (openai: two calls)",
    unit: "us",
    ours: "babylon",
    others: [],
    limits: [
      { peer: "openai", ratio: 0.55 },
      { peer: "ai-fallback", ratio: 0.4 },
    ],
    task: { kind: "json", count: 960, parallel: 64 },
    behaviour: "fail",
    next: "json",
  },
];
