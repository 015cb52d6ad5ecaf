import { readFile } from "node:fs/promises";
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
 * Reads the city from `data/*.json`.
 *
 * @param directory - where the four files are; default the example's own
 * @throws Error that names the place in the data, when a file does not hold what it should
 */
export async function loadWorld(directory: URL = DATA): Promise<World> {
  const entries = await Promise.all(
    Object.entries(FILES).map(async ([part, file]) => [part, await readJson(new URL(file, directory))] as const),
  );
  const read = worldSchema.safeParse(Object.fromEntries(entries));
  if (!read.success) throw new Error(`the data of the game is not right:\n${z.prettifyError(read.error)}`);
  return read.data;
}

async function readJson(file: URL): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file.pathname} is no JSON`, { cause: error });
  }
}
