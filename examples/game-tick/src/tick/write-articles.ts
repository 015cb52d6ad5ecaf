import type { Decision } from "../answers/order.ts";
import { parseArticle } from "../answers/parse-article.ts";
import { articlePrompt } from "../prompts/article-prompt.ts";
import type { Character, Question } from "../world/world.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { draw } from "./seeded.ts";
import { present, runStage, type Tick } from "./tick.ts";
import { makeCall } from "./tick-calls.ts";
import { sourceOf, type TickArticle } from "./tick-result.ts";

const ARTICLES = 10;

/** Ids of the characters who write for the newspaper. */
const WRITERS: readonly string[] = ["prudence-varnish", "wren-saltmarsh", "magnus-drule"];

/** Writes reports on ten of the questions concurrently, with the latest trades about each. */
export function writeArticles(tick: Tick, decisions: readonly Decision[]): Promise<TickArticle[]> {
  const { characters, questions } = tick.world;
  const writers = characters.filter((character) => WRITERS.includes(character.id));
  const staff = writers.length > 0 ? writers : characters;
  const subjects = draw(questions, ARTICLES, tick.seed, "articles");
  return runStage(
    tick,
    { stage: "articles", calls: subjects.length, what: `${subjects.length} articles at once` },
    async () =>
      present(
        await mapConcurrently(subjects, ARTICLES, async (question, index) => {
          const writer = staff[index % staff.length];
          return writer === undefined ? null : writeArticle(tick, writer, question, decisions, index + 1);
        }),
      ),
  );
}

async function writeArticle(
  tick: Tick,
  writer: Character,
  question: Question,
  decisions: readonly Decision[],
  number: number,
): Promise<TickArticle | null> {
  const call = { stage: "articles", key: String(number), what: `article on ${question.id} by ${writer.name}` } as const;
  const result = await makeCall(tick, call, (options) =>
    tick.llm.generateText({
      ...options,
      prompt: articlePrompt(tick.world, writer, question, decisions),
      temperature: 0.8,
      maxOutputTokens: 3_000,
    }),
  );
  return result && { author: writer.id, question: question.id, ...parseArticle(result.text), source: sourceOf(result) };
}
