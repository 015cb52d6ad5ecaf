import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, expect, it, test } from "vitest";
import { cleanText } from "./errors/clean-text.ts";
import { hidePrompt } from "./errors/hide-prompt.ts";
import { type ErrorReply, replyError } from "./errors/reply-error.ts";
import { parseResponseJSON } from "./errors/response-error.ts";
import { isHTML, vendorMessage } from "./errors/vendor-message.ts";
import { parseStart } from "./exchange/parse-start.ts";
import { parseDuration } from "./headers/parse-duration.ts";
import { parseReset } from "./headers/parse-reset.ts";
import { parseRetryAfter } from "./headers/parse-retry-after.ts";
import { createEventParser } from "./sse/event-parser.ts";
import { createTextTemplate } from "./sse/text-template.ts";

const facts = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: ["key-0123456789"] };
const prompt = "the prompt of this call is a sentence, and another one follows it".repeat(20);
const NO_HEADERS = new Headers();

const fill = (unit: string, size: number, before = "", after = ""): string =>
  before + unit.repeat(Math.ceil(size / unit.length)) + after;

/** The repeated text of error bodies, with prefix and suffix. */
const texts: readonly (readonly [unit: string, before?: string, after?: string])[] = [
  ["model "],
  ["lorem ipsum "],
  [" ", "x", "x"],
  [" ", "", "<x"],
  ["<title", "<html>"],
  ["<title>", "<html>"],
  ["<html "],
  ["try again in 1111111 "],
  ["retry after "],
  ["1m", "try again in ", "!"],
  ["1", "try again in "],
  ["1.", "try again in "],
  ["eyJ-"],
  ["eyJa."],
  ["sk-"],
  ["key="],
  ["token: "],
  ["\\", 'token"'],
  ["bearer "],
  ["a://"],
  ["a.", "x://"],
  ["abcdef0123456789"],
  ["data:;base64,"],
  ["\\u0041"],
  ["the prompt of this call is a sentence"],
];

const parsers: readonly (readonly [name: string, parse: (text: string) => unknown])[] = [
  ["vendorMessage", (text) => vendorMessage(undefined, text)],
  ["isHTML", isHTML],
  ["cleanText", (text) => cleanText(text, { ...facts, prompt: () => [prompt] })],
  ["hidePrompt", (text) => hidePrompt(text.slice(0, 200_000), ["a short prompt that is not quoted"])],
  ["parseDuration", parseDuration],
  ["parseReset", (text) => parseReset(text, NO_HEADERS, 0)],
  ["parseRetryAfter of a header", (text) => parseRetryAfter(new Headers({ "retry-after": encodeURI(text) }), "", 0)],
  ["parseRetryAfter of a text", (text) => parseRetryAfter(NO_HEADERS, vendorMessage(undefined, text), 0)],
  ["replyError of a text", (text) => errorOf({ body: undefined, text })],
  ["replyError of a message", (text) => errorOf({ body: { error: { message: text } }, text })],
  ["parseResponseJSON", (text) => caught(() => parseResponseJSON(text, { status: 200, headers: NO_HEADERS }, facts))],
];

function errorOf({ body, text }: Pick<ErrorReply, "body" | "text">): unknown {
  const withPrompt = { ...facts, prompt: () => [prompt] };
  return replyError({ status: 400, headers: NO_HEADERS, body, text }, () => null, withPrompt, 0);
}

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}

describe.each(parsers)("%s takes time linear in its text", { timeout: 60_000 }, (_, parse) => {
  const cases = texts.map(
    ([unit, before = "", after = ""]) => [`${before}${unit}…${after}`, unit, before, after] as const,
  );
  it.each(cases)("%s", async (_name, unit, before, after) => {
    await expectLinear((size) => {
      const text = fill(unit, size, before, after);
      return () => parse(text);
    });
  });
});

test.each<[string, (size: number) => unknown]>([
  ["FastAPI", (size) => ({ detail: Array.from({ length: size / 40 }, () => ({ loc: ["a", "b"], msg: "model " })) })],
  ["long places", (size) => ({ detail: [{ loc: Array.from({ length: size / 4 }, () => "a"), msg: "model " }] })],
])("an error body of the kind %s", { timeout: 60_000 }, async (_, make) => {
  await expectLinear((size) => {
    const body = make(size);
    return () => errorOf({ body, text: "" });
  });
  const message = vendorMessage(make(100_000), "");
  expect(message.length).toBe(4_096);
});

// Deep nesting fills caches of the machine, which other tests use too: hence the retry.
describe("parsing the start of JSON takes time linear in its length", { timeout: 60_000, retry: 1 }, () => {
  it.each([
    ["open arrays", "[", ""],
    ["open objects", '{"a":', ""],
    ["arrays that open and close", "[]", "[".repeat(50_000)],
    ["elements in deep arrays", "1,", "[".repeat(50_000)],
    ["commas between arrays", "[],", "["],
    ["escapes", "\\n", '["'],
  ])("%s", async (_, unit, before) => {
    await expectLinear(
      (size) => {
        const text = fill(unit, size - before.length, before);
        return () => parseStart(text);
      },
      // The maximum is 64 KB.
      { sizes: [50_000, 100_000, 200_000, 400_000, 800_000] },
    );
  });
});

describe("events take time linear in the length of the stream", { timeout: 60_000 }, () => {
  it.each([
    ["one long line", "x", "data: ", "\n\n"],
    ["many lines of data", "data: x\n", "", "\n"],
    ["many events", "data: x\n\n", "", ""],
    ["carriage returns", "data: x\r\r", "", ""],
    ["empty lines", "\n", "data: x\n", ""],
    ["comments", ": x\n", "", "\n"],
    ["fields without a colon", "data\n", "", "\n"],
  ])("%s, in chunks of seven characters", async (_, unit, before, after) => {
    await expectLinear((size) => {
      const text = fill(unit, size, before, after);
      return () => {
        let length = 0;
        const parse = createEventParser(({ data }) => {
          length += data.trim().length;
        });
        for (let at = 0; at < text.length; at += 7) parse(text.slice(at, at + 7));
        return length;
      };
    });
  });

  it("a text template that alternately matches and fails", async () => {
    await expectLinear((size) => {
      const events = Array.from(
        { length: size / 50 },
        (_, at) => `{"n":${at % 3},"delta":{"content":"word"},"end":null}`,
      );
      return () => {
        const template = createTextTemplate();
        for (const data of events) if (template.textOf(data) === null) template.learn(data, "content", "word");
      };
    });
  });
});
