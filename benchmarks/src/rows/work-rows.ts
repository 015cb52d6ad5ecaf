import type { Task } from "../run/task.ts";
import type { Row } from "./row.ts";

/** A row whose work is done again and again in processes that stay. */
export interface WorkRow extends Row {
  readonly task: Pick<Task, "kind" | "count" | "parallel">;
  /** What the mock server does. */
  readonly behaviour: string;
  /** What it does for the second try. */
  readonly next?: string;
}

export const WORK_ROWS: readonly WorkRow[] = [
  {
    what: "CPU per JSON call, 64 at a time",
    unit: "us",
    ours: "babylon",
    others: ["ai-fallback", "langchain", "transport"],
    limits: [
      { peer: "openai", ratio: 0.5, stretch: 0.42 },
      { peer: "ai-sdk", ratio: 0.4 },
    ],
    task: { kind: "json", count: 1_920, parallel: 64 },
    behaviour: "json",
  },
  {
    what: "CPU per streamed chunk, 2,000 in one burst",
    unit: "us",
    ours: "babylon",
    others: ["langchain", "transport"],
    limits: [
      { peer: "openai", ratio: 0.4, stretch: 0.3 },
      { peer: "ai-sdk", ratio: 0.12 },
    ],
    task: { kind: "chunks", count: 8, parallel: 1 },
    behaviour: "burst",
  },
  {
    what: "CPU per streamed chunk, a write for each of 2,000",
    unit: "us",
    ours: "babylon",
    others: ["langchain", "transport"],
    limits: [
      { peer: "openai", ratio: 0.65, stretch: 0.55 },
      { peer: "ai-sdk", ratio: 0.2 },
    ],
    task: { kind: "chunks", count: 5, parallel: 1 },
    behaviour: "trickle",
  },
  {
    what: "CPU per streamed chunk, a write for each of 2,000, 50 us apart",
    unit: "us",
    ours: "babylon",
    others: ["openai", "ai-sdk", "transport"],
    limits: [],
    task: { kind: "chunks", count: 2, parallel: 1 },
    behaviour: "paced",
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
    what: "Claude: CPU per streamed chunk, 2,000 in one burst",
    unit: "us",
    ours: "babylon-claude",
    others: [],
    limits: [{ peer: "anthropic", ratio: 1.05 }],
    task: { kind: "chunks", count: 8, parallel: 1 },
    behaviour: "burst",
  },
  {
    what: "Claude: CPU per streamed chunk, a write for each of 2,000",
    unit: "us",
    ours: "babylon-claude",
    others: [],
    limits: [{ peer: "anthropic", ratio: 1.05 }],
    task: { kind: "chunks", count: 5, parallel: 1 },
    behaviour: "trickle",
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
