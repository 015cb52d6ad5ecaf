import { readFile } from "node:fs/promises";
import type { Phrases } from "@babylon/llm-testing";
import { z } from "zod";
import { type World, worldSchema } from "./world.ts";

const DATA = new URL("../../data/", import.meta.url);

const FILES = {
  setting: "world.json",
  characters: "characters.json",
  questions: "questions.json",
  posts: "posts.json",
} as const;

/**
 * Reads the world from `data/*.json`.
 *
 * @param directory - where the four files are; default the example's own
 * @throws Error with the path in the data, if a file is invalid
 */
export async function loadWorld(directory: URL = DATA): Promise<World> {
  const entries = await Promise.all(
    Object.entries(FILES).map(async ([part, file]) => [part, await readJson(new URL(file, directory))] as const),
  );
  return read(worldSchema, Object.fromEntries(entries));
}

const phrase = z.string().min(1);
const list = z.tuple([phrase], phrase);
const phrasesSchema: z.ZodType<Phrases> = z.strictObject({
  openers: list,
  subjects: list,
  claims: list,
  closers: list,
  names: list,
  words: list,
});

/** Reads the phrases of the city, from which the simulator builds its answers. Throws as {@link loadWorld} does. */
export async function loadPhrases(directory: URL = DATA): Promise<Phrases> {
  return read(phrasesSchema, await readJson(new URL("phrases.json", directory)));
}

function read<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new Error(`the data of the game is not right:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function readJson(file: URL): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file.pathname} is not JSON`, { cause: error });
  }
}
