import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventParser, type ServerSentEvent } from "./event-parser.ts";

function parse(...pieces: readonly string[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const feed = createEventParser((event) => void events.push(event));
  for (const piece of pieces) feed(piece);
  return events;
}

const data = (text: string, event: string | null = null): ServerSentEvent => ({ event, data: text });

test.each<[string, string, readonly ServerSentEvent[]]>([
  ["one line of data", "data: a\n\n", [data("a")]],
  ["no space after the colon", "data:a\n\n", [data("a")]],
  ["only one space is removed", "data:  a \n\n", [data(" a ")]],
  ["several lines of data are one text", "data: a\ndata\ndata:\ndata: b\n\n", [data("a\n\n\nb")]],
  ["a name", "event: ping\ndata: a\n\ndata: b\n\n", [data("a", "ping"), data("b")]],
  ["an empty name is no name", "event: ping\nevent:\ndata: a\n\nevent: x\nevent\ndata: b\n\n", [data("a"), data("b")]],
  ["a name without data is not an event", "event: ping\n\ndata: a\n\n", [data("a")]],
  ["empty data is an event", "data\n\ndata:\n\n", [data(""), data("")]],
  ["comments and other fields", ": hello\nid: 1\nretry: 10\nfoo: bar\ndatax: 1\n data: 2\ndata: a\n:\n\n", [data("a")]],
  ["other line ends", "data: a\r\rdata: b\r\n\r\ndata: c\n\rdata: d\n\n", [data("a"), data("b"), data("c"), data("d")]],
  ["blank lines", "\n\n\r\n\rdata: a\n\n\n\n", [data("a")]],
  ["colons in the data", 'data: {"a":1}\n\n', [data('{"a":1}')]],
  ["an error that is a field", 'data: a\n\nerror: {"code":1}\n\n', [data("a"), data('{"code":1}', "error")]],
  ["a truncated event", "data: a\n\ndata: b\n", [data("a")]],
])("%s", (_, text, expected) => {
  expect(parse(text)).toEqual(expected);
  expect(parse(...text)).toEqual(expected);
});

test("a line end that is split is one line end", () => {
  expect(parse("data: a\r", "\ndata: b\r", "", "\n\r\n")).toEqual([data("a\nb")]);
});

test("returns the same events as eventsource-parser for any split", () => {
  const words = fc.constantFrom(
    "data",
    "event",
    "id",
    "retry",
    ":",
    ": ",
    " ",
    "a",
    "{}",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\r\n\r\n",
    "é🎲",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), fc.array(fc.nat(40), { maxLength: 5 }), (all, cuts) => {
      const text = all.join("");
      const expected: ServerSentEvent[] = [];
      const parser = createParser({
        onEvent: ({ event, data }) =>
          expected.push({ event: event === undefined || event === "" ? null : event, data }),
      });
      // With plain line ends: it buffers a `\r` at the end of a chunk.
      parser.feed(text.replace(/\r\n?/g, "\n"));
      const edges = [0, ...cuts.filter((at) => at < text.length).toSorted((a, b) => a - b), text.length];
      const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
      expect(parse(...pieces)).toEqual(expected);
    }),
    { numRuns: 3_000 },
  );
});

const MB = 1024 * 1024;

test.each<[string, string, string]>([
  ["a line without an end", "", "x"],
  ["a line of data without an end", "data: ", "x"],
  ["lines of data without an end", "", "data: x\n"],
  ["empty lines of data without an end", "", "data\n"],
])("%s is rejected at 16 MB", (_, first, repeated) => {
  const piece = repeated.repeat(Math.floor((64 * 1024) / repeated.length));
  const feed = createEventParser(() => {});
  feed(first);
  let fed = first.length;
  const flood = (): void => {
    for (; fed < 20 * MB; fed += piece.length) feed(piece);
  };
  expect(flood).toThrow(
    "sent more than 16 MB (the limit of one line of an event stream, independent of maxResponseBytes)",
  );
  expect(fed).toBeGreaterThan(15.9 * MB);
  expect(fed).toBeLessThanOrEqual(16 * MB);
});

test("any number of lines, events and comments below 16 MB is accepted", () => {
  const lengths: number[] = [];
  const feed = createEventParser((event) => void lengths.push(event.data.length));
  const long = "x".repeat(6 * MB);
  for (let count = 0; count < 4; count += 1) feed(`data: ${long}\ndata: ${long}\n\n: ${long}\n`);
  expect(lengths).toEqual(Array(4).fill(12 * MB + 1));
});
