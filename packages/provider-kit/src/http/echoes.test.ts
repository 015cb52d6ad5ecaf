import { LLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import type { AttemptFacts } from "../attempt-facts.ts";
import { networkError } from "../errors/network-error.ts";
import { replyError } from "../errors/reply-error.ts";

const KEY = "sk+Proj/Tangerine4711&Omega=Delta";
const PROMPT =
  'The "launch code" is <Tangerine & Größe>, said O\'Brien:\n\tdeploy C:\\new\\table at 100%, then wait for the second signal.';
const FACTS: AttemptFacts = {
  provider: "acme",
  name: "Acme",
  model: "m",
  callId: "c",
  secrets: [KEY],
  prompt: () => [PROMPT],
};

const everyUnit = (text: string, write: (code: number, character: string) => string): string =>
  [...text].map((character) => write(character.codePointAt(0) ?? 0, character)).join("");
const signs = (text: string, write: (code: number) => string): string =>
  everyUnit(text, (code, character) => (/[A-Za-z0-9 ]/.test(character) ? character : write(code)));
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
const html = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? "&#39;");

/** Every encoding in which a vendor may quote a text. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  HTML: html,
  "HTML, twice": (text) => html(html(text)),
  "HTML, hexadecimal signs": (text) => signs(text, (code) => `&#x${hex(code, 1).toUpperCase()};`),
  "HTML, every letter": (text) => everyUnit(text, (code) => `&#${code};`),
  URL: encodeURIComponent,
  "URL, twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "URL, every byte": (text) => [...new TextEncoder().encode(text)].map((byte) => `%${hex(byte, 2)}`).join(""),
  form: (text) => encodeURIComponent(text).replaceAll("%20", "+"),
  JSON: (text) => JSON.stringify(text),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ text })),
  "JSON in JSON in JSON": (text) => JSON.stringify(JSON.stringify(JSON.stringify({ text }))),
  "JSON of .NET": (text) => signs(text, (code) => `\\u${hex(code, 4).toUpperCase()}`),
  "JSON of .NET in JSON": (text) => JSON.stringify(signs(text, (code) => `\\u${hex(code, 4).toUpperCase()}`)),
  Python: (text) => signs(text, (code) => (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)),
  "URL of HTML": (text) => encodeURIComponent(html(text)),
  "large letters": (text) => text.toUpperCase(),
  "small letters": (text) => text.toLowerCase(),
  "more blanks": (text) => text.replaceAll(" ", "   \n "),
  "no blanks": (text) => text.replaceAll(/\s/g, ""),
  "a blank after every third character": (text) => text.replaceAll(/(.{3})/gs, "$1 "),
  "zero-width characters": (text) => text.replaceAll(/(.{2})/gs, "$1\u200b"),
  "cut at the end": (text) => `${text.slice(0, 24)}…`,
  "cut at the beginning": (text) => `…${text.slice(-24)}`,
  "from the middle": (text) => `…${text.slice(4, 24)}…`,
};

/** The remaining letters of a text must not be recognizable. */
const TELLING = /tange?r|4711|omega|delta|launch|brien|deploy|table|second|signal|proj/i;
const lettersOf = (text: string): string =>
  text
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/[^a-z0-9]/gi, "");

function expectSilent(error: unknown): void {
  expect(error).toBeInstanceOf(LLMError);
  const said = JSON.stringify(error);
  expect(said).not.toMatch(TELLING);
  expect(lettersOf(said)).not.toMatch(TELLING);
}

const sources = [
  ["key", KEY],
  ["prompt", PROMPT],
] as const;

for (const [what, text] of sources) {
  test.each(Object.entries(FORMS))(`a quoted ${what} is hidden: %s`, (_, write) => {
    const quoted = write(text);
    const body = { error: { message: `Bad thing: ${quoted} is not allowed` } };
    for (const reply of [
      { body, text: JSON.stringify(body) },
      { body: undefined, text: `Bad thing: ${quoted} is not allowed` },
      { body: undefined, text: `<html><title>${quoted}</title></html>` },
    ]) {
      const error = replyError({ status: 400, headers: new Headers(), ...reply }, () => null, FACTS, 0);
      expectSilent(error);
      // A title that contains a tag is not a title.
      if (!reply.text.startsWith("<html>")) expect(error.message).toMatch(/\[(?:prompt|redacted)\]/);
    }
    const thrown = Object.assign(new Error(`failed for ${quoted}`), { code: `E ${quoted}`, name: quoted });
    expectSilent(networkError(thrown, new AbortController().signal, FACTS));
    expectSilent(networkError({ message: quoted, code: "PROXY_X" }, new AbortController().signal, FACTS));
  });
}

test.each([KEY.slice(0, 14), KEY.slice(5), encodeURIComponent(KEY), KEY.toLowerCase()])(
  "a key in the path of a redirect is hidden: %s",
  (part) => {
    const headers = new Headers({ location: `https://else.test/login/${part}/next` });
    const error = replyError({ status: 302, headers, body: undefined, text: "" }, () => null, FACTS, 0);
    expectSilent(error);
    expect(error.message).toContain("a redirect to https://else.test/login/");
  },
);

test.each([
  [`You sent "launch".`, "launch"],
  [`Unknown value: launch`, "launch"],
  ["You wrote (O'Brien).", "Brien"],
  [`The model saw \\"Größe\\" and stopped`, "Größe"],
  [`Refused: &quot;signal&quot;`, "signal"],
  ["cannot take C:\\new\\table", "table"],
])("a short quotation is hidden: %s", (message, quotation) => {
  const error = replyError({ status: 400, headers: new Headers(), body: { message }, text: "" }, () => null, FACTS, 0);
  expect(error.message).not.toContain(quotation);
});

test.each([
  "Rate limit reached for requests. Please try again in 20s.",
  "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
  "The model `gpt-9` does not exist or you do not have access to it.",
  "Invalid value: 'model'. Supported values are: 'a' and 'b'.",
  "Unsupported parameter: 'temperature' is not supported with this model.",
])("the error's own text is kept: %s", (message) => {
  const error = replyError({ status: 400, headers: new Headers(), body: { message }, text: "" }, () => null, FACTS, 0);
  expect(error.message).toBe(`Acme answered 400: ${message}`);
});

test.each(["a", "\\", "%41", "&amp;", "word ", "\\n", "Größe ", "漢字"])(
  "a prompt of 1 MB is searched at once: %s",
  (piece) => {
    const facts = { ...FACTS, prompt: () => [piece.repeat(1_000_000 / piece.length)] };
    const body = { message: piece.repeat(1_000) };
    const from = performance.now();
    replyError({ status: 400, headers: new Headers(), body, text: "" }, () => null, facts, 0);
    // Some ten milliseconds; with quadratic time, minutes.
    expect(performance.now() - from).toBeLessThan(2_000);
  },
);
