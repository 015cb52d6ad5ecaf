import { expect, test } from "vitest";
import { loadPhrases, loadWorld } from "./load-world.ts";
import { type World, worldSchema } from "./world.ts";

const world = await loadWorld();

test("the world has the expected number of characters, questions and posts", () => {
  expect([world.characters.length, world.questions.length, world.posts.length]).toEqual([64, 12, 30]);
});

test("no two characters share a name or a line of their description", () => {
  for (const field of ["name", "role", "personality"] as const) {
    expect(new Set(world.characters.map((character) => character[field])).size).toBe(64);
  }
});

test("every question has positions on both sides and a post", () => {
  for (const { id } of world.questions) {
    const sides = world.characters.flatMap((one) => one.positions).filter((position) => position.question === id);
    expect(new Set(sides.map((position) => position.side)), id).toEqual(new Set(["yes", "no"]));
    expect(
      world.posts.some((post) => post.question === id),
      id,
    ).toBe(true);
  }
});

test("posts are listed oldest first", () => {
  const ages = world.posts.map((post) => post.minutesAgo);
  expect(ages).toEqual([...ages].sort((a, b) => b - a));
});

test("the names of the phrases are names of characters", async () => {
  const names = new Set(world.characters.map((character) => character.name));
  expect((await loadPhrases()).names.filter((name) => !names.has(name))).toEqual([]);
});

test("a missing file is named in the error", async () => {
  const elsewhere = new URL("../", import.meta.url);
  // The four are read concurrently, and any of them may fail first.
  await expect(loadWorld(elsewhere)).rejects.toThrow(/(world|characters|questions|posts)\.json/);
  await expect(loadPhrases(elsewhere)).rejects.toThrow("phrases.json");
});

const [first] = world.characters;
const place = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .slice(1);
const broken: readonly [string, (copy: World) => unknown, string][] = [
  ["a character twice", (w) => ({ ...w, characters: [first, first] }), "characters[1].id"],
  ["a position on an unknown question", (w) => ({ ...w, questions: w.questions.slice(1) }), ".positions["],
  ["a post by an unknown author", (w) => ({ ...w, characters: w.characters.slice(0, 1) }), "posts[0].author"],
  ["a price of one", (w) => ({ ...w, questions: [{ ...w.questions[0], yesPrice: 1 }] }), "questions[0].yesPrice"],
  ["an unknown field", (w) => ({ ...w, goats: [] }), "goats"],
];

test.each(broken)("%s is refused", (_, spoil, path) => {
  const read = worldSchema.safeParse(spoil(world));
  expect(read.success).toBe(false);
  const issues = read.error?.issues.map((issue) => `${place(issue.path)} ${issue.message}`);
  expect(issues?.join("\n")).toContain(path);
});
