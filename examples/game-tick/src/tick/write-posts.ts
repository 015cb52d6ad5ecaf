import { postAnswerSchema } from "../answers/post-answer.ts";
import { postPrompt } from "../prompts/post-prompt.ts";
import type { Character } from "../world/world.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { draw } from "./seeded.ts";
import { present, runStage, type Tick } from "./tick.ts";
import { makeCall } from "./tick-calls.ts";
import { sourceOf, type TickPost } from "./tick-result.ts";

const POSTS = 8;

/** Writes posts of eight characters concurrently. */
export function writePosts(tick: Tick): Promise<TickPost[]> {
  const authors = draw(tick.world.characters, POSTS, tick.seed, "posts");
  return runStage(tick, { stage: "posts", calls: authors.length, what: `${authors.length} posts at once` }, async () =>
    present(await mapConcurrently(authors, POSTS, (author, index) => writePost(tick, author, index + 1))),
  );
}

async function writePost(tick: Tick, author: Character, number: number): Promise<TickPost | null> {
  const call = { stage: "posts", key: String(number), what: `post by ${author.name}` } as const;
  const result = await makeCall(tick, call, (options) =>
    tick.llm.generateObject({
      ...options,
      schema: postAnswerSchema(tick.world.questions.map((question) => question.id)),
      prompt: postPrompt(tick.world, author),
      temperature: 0.9,
      maxOutputTokens: 2_000,
    }),
  );
  return result && { author: author.id, ...result.object, source: sourceOf(result) };
}
