import type { EvaluatedExample, ExampleMessage } from "../contract/tuning-history.ts";
import type { ChatExample, ChatMessage } from "../dataset/chat-example.ts";
import { pii } from "../scrub/pii.ts";
import { createTextScrubber, SecretFoundError } from "../scrub/scrub-json.ts";
import { secrets } from "../scrub/secrets.ts";
import type { ValuePair } from "./paired-figure.ts";
import type { ScoredAnswer } from "./scorer.ts";

/** An example that was answered by both. */
export interface AnsweredExample {
  /** From 0. */
  readonly index: number;
  readonly example: ChatExample;
  /** `null`: the call failed. */
  readonly candidate: ScoredAnswer | null;
  readonly baseline: ScoredAnswer | null;
  /** By scorer; the first one decides which examples are kept. */
  readonly scores: Readonly<Record<string, ValuePair>>;
}

/** Keeps some examples of an evaluation for those who look at it. */
export interface ExampleKeeper {
  add(answered: AnsweredExample): void;
  /** In the order of the dataset. */
  examples(): readonly EvaluatedExample[];
}

const MAX_TEXT = 4_000;
const MAX_MESSAGES = 8;

/**
 * Keeps at most `most` examples: those that the candidate loses, wins and ties in turn, the first ones of each. Answers are scrubbed like a dataset: an
 * example with a secret is not kept, and personal data is masked.
 */
export function createExampleKeeper(most: number): ExampleKeeper {
  const scrubber = createTextScrubber([secrets(), pii()]);
  const kinds = { lost: [] as EvaluatedExample[], won: [] as EvaluatedExample[], tied: [] as EvaluatedExample[] };

  const short = (text: string): string => {
    const clean = scrubber.text(text);
    return clean.length <= MAX_TEXT ? clean : `${clean.slice(0, MAX_TEXT)}…`;
  };
  const answerText = (answer: AnsweredExample["candidate"]): string | null =>
    answer === null
      ? null
      : short(
          withCalls(
            answer.text,
            answer.toolCalls.map(({ name, input }) => ({ name, input })),
          ),
        );
  const toKept = ({ index, example, candidate, baseline, scores }: AnsweredExample): EvaluatedExample => ({
    number: index + 1,
    prompt: example.messages
      .slice(0, -1)
      .slice(-MAX_MESSAGES)
      .map((message): ExampleMessage => ({ role: message.role, text: short(textOf(message)) })),
    expected: short(textOf(example.messages.at(-1))),
    candidate: answerText(candidate),
    baseline: answerText(baseline),
    scores,
  });

  return {
    add(answered) {
      if (most === 0) return;
      const kept = kinds[outcomeOf(answered.scores)];
      try {
        kept.push(toKept(answered));
      } catch (thrown) {
        if (!(thrown instanceof SecretFoundError)) throw thrown;
      }
      // Answers arrive in any order.
      kept.sort((a, b) => a.number - b.number);
      kept.length = Math.min(kept.length, most);
    },
    examples() {
      const queues = [[...kinds.lost], [...kinds.won], [...kinds.tied]];
      const chosen: EvaluatedExample[] = [];
      while (chosen.length < most && queues.some((queue) => queue.length > 0)) {
        for (const queue of queues) {
          const next = chosen.length < most ? queue.shift() : undefined;
          if (next !== undefined) chosen.push(next);
        }
      }
      return chosen.sort((a, b) => a.number - b.number);
    },
  };
}

function outcomeOf(scores: AnsweredExample["scores"]): "lost" | "won" | "tied" {
  const [candidate, baseline] = Object.values(scores)[0] ?? [null, null];
  if (candidate === null || baseline === null || candidate === baseline) return "tied";
  return candidate < baseline ? "lost" : "won";
}

const withCalls = (text: string, calls: readonly unknown[]): string =>
  calls.length === 0 ? text : `${text === "" ? "" : `${text}\n`}${JSON.stringify(calls)}`;

function textOf(message: ChatMessage | undefined): string {
  if (message === undefined) return "";
  const calls = message.role === "assistant" ? (message.tool_calls ?? []) : [];
  return withCalls(
    message.content ?? "",
    calls.map(({ function: called }) => called),
  );
}
