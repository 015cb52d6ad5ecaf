import { z } from "zod";

/** The shares of one question that a character holds. */
export interface Position {
  readonly question: string;
  readonly side: "yes" | "no";
  readonly shares: number;
  /** The price paid per share, between 0 and 1. */
  readonly price: number;
}

/** A character of the city, who posts and bets. */
export interface Character {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly personality: string;
  readonly cash: number;
  readonly positions: readonly Position[];
}

/** An open question with its market price. */
export interface Question {
  readonly id: string;
  readonly text: string;
  /** How it will be decided. */
  readonly criteria: string;
  /** When it will be decided, as a day of the city's week. */
  readonly closes: string;
  /** The current price of a share of "yes", between 0 and 1: the market's probability. */
  readonly yesPrice: number;
}

/** A public post of a character. */
export interface Post {
  readonly id: string;
  readonly author: string;
  readonly minutesAgo: number;
  readonly question: string;
  readonly text: string;
}

/** The city, described at the beginning of every prompt. */
export interface Setting {
  readonly name: string;
  readonly now: string;
  /** The days by name, in order. */
  readonly week: readonly string[];
  readonly currency: string;
  readonly feed: string;
  readonly newspaper: string;
  readonly summary: string;
}

/** The input data of a tick. */
export interface World {
  readonly setting: Setting;
  readonly characters: readonly Character[];
  readonly questions: readonly Question[];
  readonly posts: readonly Post[];
}

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const line = z.string().min(1);
const price = z.number().gt(0).lt(1);

const positionSchema: z.ZodType<Position> = z.strictObject({
  question: id,
  side: z.enum(["yes", "no"]),
  shares: z.int().positive(),
  price,
});

const characterSchema: z.ZodType<Character> = z.strictObject({
  id,
  name: line,
  role: line,
  personality: line,
  cash: z.number().nonnegative(),
  positions: z.array(positionSchema),
});

const questionSchema: z.ZodType<Question> = z.strictObject({
  id,
  text: line.endsWith("?"),
  criteria: line,
  closes: line,
  yesPrice: price,
});

const postSchema: z.ZodType<Post> = z.strictObject({
  id,
  author: id,
  minutesAgo: z.int().nonnegative(),
  question: id,
  text: line.max(280),
});

const settingSchema: z.ZodType<Setting> = z.strictObject({
  name: line,
  now: line,
  week: z.array(line).min(1),
  currency: line,
  feed: line,
  newspaper: line,
  summary: line,
});

const shape: z.ZodType<World> = z.strictObject({
  setting: settingSchema,
  characters: z.array(characterSchema).min(1),
  questions: z.array(questionSchema).min(1),
  posts: z.array(postSchema),
});

/** The schema of the data files: unique ids, and positions and posts refer only to existing questions and characters. */
export const worldSchema: z.ZodType<World> = shape.superRefine((world, context) => {
  const complain = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: "custom", path, message });
  };
  for (const list of ["characters", "questions", "posts"] as const) {
    const seen = new Set<string>();
    for (const [index, entry] of world[list].entries()) {
      if (seen.has(entry.id)) complain([list, index, "id"], `"${entry.id}" is given twice`);
      seen.add(entry.id);
    }
  }
  const characters = new Set(world.characters.map((character) => character.id));
  const questions = new Set(world.questions.map((question) => question.id));
  for (const [index, character] of world.characters.entries()) {
    for (const [at, position] of character.positions.entries()) {
      if (!questions.has(position.question)) {
        complain(["characters", index, "positions", at, "question"], `no question "${position.question}"`);
      }
    }
  }
  for (const [index, post] of world.posts.entries()) {
    if (!characters.has(post.author)) complain(["posts", index, "author"], `no character "${post.author}"`);
    if (!questions.has(post.question)) complain(["posts", index, "question"], `no question "${post.question}"`);
  }
});
