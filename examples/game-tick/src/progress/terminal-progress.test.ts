import { createFakeClock } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { createTerminalProgress } from "./terminal-progress.ts";

/** A terminal that supports what the renderer uses: new lines, cursor up, erase to the end. */
function createScreen(width: number) {
  let lines: string[] = [""];
  let writes = 0;
  return {
    columns: () => width,
    write(text: string): void {
      writes += 1;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
      for (const piece of text.split(/(\n|\u001B\[\d*[AJ])/)) {
        if (piece === "\n") lines.push("");
        else if (piece.endsWith("A") && piece.startsWith("\u001B")) {
          const up = Number(piece.slice(2, -1));
          expect(up).toBeLessThan(lines.length);
          // Nothing is written between the cursor and the end, so the lines below can be dropped at once.
          lines = lines.slice(0, lines.length - up);
          lines[lines.length - 1] = "";
        } else if (!piece.startsWith("\u001B")) {
          lines[lines.length - 1] += piece;
          expect(lines.at(-1)?.length).toBeLessThan(width);
        }
      }
    },
    lines: () => lines,
    writes: () => writes,
  };
}

function start(width = 100) {
  const screen = createScreen(width);
  const clock = createFakeClock();
  return { screen, clock, progress: createTerminalProgress(screen, clock) };
}

test("progress bars are redrawn in place, with the notes above them", async () => {
  const { screen, clock, progress } = start();
  progress.note("one");
  progress.update({ type: "stage-started", stage: "posts", calls: 2, what: "" });
  progress.update({ type: "call-served", stage: "posts", callId: "1", provider: "wandb" });
  await clock.advance(300);
  progress.note("two");
  progress.update({ type: "call-served", stage: "posts", callId: "2", provider: "groq" });
  progress.update({ type: "stage-finished", stage: "posts", durationMs: 350 });
  progress.end();
  expect(screen.lines()).toEqual([
    "one",
    "two",
    "posts      ████████████████████    2/2   350 ms  wandb 1, groq 1",
    "",
  ]);
});

test("the elapsed time is updated without events, and many events are drawn in one frame", async () => {
  const { screen, clock, progress } = start();
  progress.update({ type: "stage-started", stage: "posts", calls: 99, what: "" });
  const before = screen.writes();
  for (let call = 0; call < 50; call += 1) {
    progress.update({ type: "call-served", stage: "posts", callId: String(call), provider: "wandb" });
  }
  await clock.advance(100);
  expect(screen.writes()).toBe(before + 1);
  expect(screen.lines()[0]).toContain("50/99   100 ms  wandb 50");
  await clock.advance(1_900);
  expect(screen.lines()[0]).toContain("50/99    2.0 s");
});

test("a narrow terminal truncates the bars", () => {
  const { screen, progress } = start(20);
  progress.update({ type: "stage-started", stage: "decisions", calls: 1, what: "" });
  progress.end();
  expect(screen.lines()).toEqual(["decisions  ░░░░░░░░", ""]);
});

test("no timer remains after the end, or when every stage is complete", async () => {
  const { clock, progress } = start();
  progress.update({ type: "stage-started", stage: "posts", calls: 0, what: "" });
  expect(clock.pendingTimers()).toBe(1);
  progress.update({ type: "stage-finished", stage: "posts", durationMs: 1 });
  await clock.advance(200);
  expect(clock.pendingTimers()).toBe(0);
  progress.update({ type: "stage-started", stage: "agents", calls: 1, what: "" });
  progress.end();
  progress.end();
  expect(clock.pendingTimers()).toBe(0);
});
