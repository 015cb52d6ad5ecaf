import { expect, test } from "vitest";
import { createPlainProgress } from "./plain-progress.ts";

test("prints the start and end of each stage, each note and each failed call, without escape codes", () => {
  let text = "";
  const progress = createPlainProgress((more) => {
    text += more;
  });
  progress.note("Using Groq (fast inference)");
  progress.update({ type: "stage-started", stage: "posts", calls: 2, what: "2 posts at once" });
  progress.update({ type: "call-served", stage: "posts", callId: "1", provider: "groq" });
  const lost = {
    callId: "2",
    stage: "posts",
    what: "post by Pip",
    code: "deadline",
    message: "the time is up",
    attempts: [],
  } as const;
  progress.update({ type: "call-lost", stage: "posts", lost });
  progress.update({ type: "stage-finished", stage: "posts", durationMs: 40 });
  progress.end();
  expect(text.split("\n")).toEqual([
    "Using Groq (fast inference)",
    "posts: 2 posts at once ...",
    "LOST post by Pip (deadline)",
    "posts: 1 of 2 calls served in 40 ms, groq 1, LOST 1",
    "",
  ]);
});
