import { expect, it } from "vitest";
import { failure, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };

const lines = (bed: { readonly logs: readonly { level: string; message: string; fields: unknown }[] }) =>
  bed.logs.filter(({ level }) => level === "error").map(({ message, fields }) => ({ message, fields }));

it("a failed call is logged once, with its ids and the link and code of each attempt, without prompt and answer", async () => {
  const bed = testBed(
    { a: { error: failure("server") }, b: { error: failure("auth") } },
    { retry: { maxRetries: 0 }, createCallId: () => "call-1" },
  );
  await bed.error(bed.llm.generateText({ ...ask, prompt: "a secret prompt", agent: "reporter", purpose: "paper" }));
  const [line, ...more] = lines(bed);
  expect(more).toEqual([]);
  expect(line).toEqual({
    message: "a call was lost",
    fields: {
      callId: "call-1",
      code: "all_failed",
      agent: "reporter",
      purpose: "paper",
      durationMs: expect.any(Number),
      attempts: "a/a-model: server, b/b-model: auth",
      suppressed: 0,
    },
  });
  expect(JSON.stringify(bed.logs)).not.toContain("secret");
});

it("logs one line per second, and the next line has the number of suppressed ones", async () => {
  const bed = testBed({ a: { error: failure("invalid_request") } });
  const lose = (many: number) =>
    bed.value(Promise.allSettled(Array.from({ length: many }, () => bed.llm.generateText(ask))));
  await lose(200);
  expect(lines(bed)).toMatchObject([{ fields: { suppressed: 0 } }]);
  await bed.clock.advance(999);
  await lose(1);
  expect(lines(bed)).toHaveLength(1);
  await bed.clock.advance(1);
  await lose(2);
  expect(lines(bed).at(-1)).toMatchObject({ message: "a call was lost", fields: { suppressed: 200 } });
  expect(lines(bed)).toHaveLength(2);
  await bed.llm.close();
  expect(lines(bed).at(-1)).toEqual({ message: "more calls were lost", fields: { suppressed: 1 } });
  expect(bed.clock.pendingTimers()).toBe(0);
});

it("the number of suppressed lines is logged with the next served call", async () => {
  const bed = testBed({ a: [{ error: failure("invalid_request") }, { error: failure("invalid_request") }, {}] });
  await bed.error(bed.llm.generateText(ask));
  await bed.error(bed.llm.generateText(ask));
  await bed.clock.advance(1_000);
  await bed.value(bed.llm.generateText(ask));
  expect(lines(bed).map(({ fields }) => fields)).toMatchObject([{ suppressed: 0 }, { suppressed: 1 }]);
});

it("a call aborted by its caller is not logged", async () => {
  const bed = testBed({ a: { delayMs: 1_000 } });
  const call = bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }));
  bed.controller.abort();
  await bed.error(call);
  expect(lines(bed)).toEqual([]);
  expect(bed.llm.status()).toMatchObject({ state: "idle", losses: null });
});

it("the line of a call with many attempts has the last ones", async () => {
  const bed = testBed({ a: { error: failure("server") } }, { retry: { maxRetries: 11 } });
  await bed.error(bed.llm.generateText(ask), 600_000);
  const [line] = lines(bed);
  expect(line).toMatchObject({
    fields: { attempts: expect.stringMatching(/^\d+ earlier, (a\/a-model: server(, )?){8}$/) },
  });
});
