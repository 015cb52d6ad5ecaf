import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "./redact.ts";

const HEX40 = "0123456789abcdef0123456789abcdef01234567";

describe("redacts", () => {
  it.each<[string, string, string]>([
    ["a key with a prefix", "Incorrect API key provided: sk-proj-abc_DEF-1234567890.", "sk-proj-abc_DEF-1234567890"],
    ["another", "key sk-ant-api03-abcdefghijklmnop-_12 is invalid", "abcdefghijklmnop"],
    ["a key with an underscore", "gsk_abcdefghijklmnopqrstuvwxyz012345", "abcdefghijklmnop"],
    ["a versioned key", "wandb_v1_abcdefghijklmnop", "abcdefghijklmnop"],
    ["a key in capitals", "SK-ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNOP"],
    ["a key in brackets", '("sk-abcdefgh12345678")', "abcdefgh12345678"],
    ["a long hexadecimal string", `invalid key ${HEX40}`, HEX40],
    ["a masked key that the vendor shows", "Incorrect API key provided: abc***xyz", "abc***xyz"],
    ["a bearer value", "authorization: Bearer abc.def-ghi", "abc.def-ghi"],
    ["a basic value", "Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["a header", "x-api-key: verysecret1", "verysecret1"],
    ["an assignment", "WANDB_API_KEY=verysecret1", "verysecret1"],
    ["an assignment in JSON", '{"apiKey": "verysecret1", "a": 1}', "verysecret1"],
    ["an assignment in JSON in JSON", '{\\"api_key\\":\\"verysecret1\\"}', "verysecret1"],
    ["a token in a URL", "https://example.com/v1?access_token=verysecret1&x=1", "verysecret1"],
    ["a key in a URL", "https://example.com/v1?key=verysecret1&x=1", "verysecret1"],
    ["a password", "password: verysecret1", "verysecret1"],
    ["credentials in a URL", "redis://user:verysecret1@localhost:6379/0", "verysecret1"],
    ["a password with an at sign in a URL", "postgres://user:very@secret1@localhost/db", "secret1"],
    ["a JSON web token", "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123-_", "abcDEF123"],
    ["each of several", "sk-abcdefgh12345678 and sk-abcdefgh12345678", "abcdefgh12345678"],
  ])("%s", (_, text, secret) => {
    const clean = redact(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain("[redacted]");
    expect(redact(clean)).toBe(clean);
  });

  it("known keys of any format, at each occurrence", () => {
    expect(redact("my key is hunter22, hunter22!", ["hunter22"])).toBe("my key is [redacted], [redacted]!");
    expect(redact("a.*b and a.*b", ["a.*b"])).toBe("[redacted] and [redacted]");
  });
});

describe("redacts a known key in every form", () => {
  const key = "SuperSecret+Key/Value4711abc";
  it.each([
    ["in small letters", key.toLowerCase()],
    ["with blanks", "Super Secret +Key/\nValue 4711 abc"],
    ["URL-escaped", encodeURIComponent(key)],
    ["HTML-escaped", key.replace("+", "&#43;").replace("/", "&#x2F;")],
    ["escaped by .NET", key.replace("+", "\\u002B").replace("/", "\\/")],
    ["as JSON in JSON", JSON.stringify(JSON.stringify(`"${key}"`))],
    ["with a zero-width space", `SuperSecret\u200b+Key/Value4711abc`],
    ["cut at the end", key.slice(0, 12)],
    ["cut at the beginning", key.slice(-12)],
  ])("%s", (_, form) => {
    const clean = redact(`the thing "${form}" is bad`, [key]);
    expect(clean.replaceAll(/[^a-z0-9]/gi, "")).not.toMatch(/super|secret|value|4711/i);
    expect(clean).toMatch(/^the thing .*\[redacted\].* is bad$/s);
    expect(redact(clean, [key])).toBe(clean);
  });

  it("a short key only at the start of a word", () => {
    expect(redact('PASS, compass, "p a s s"', ["pass"])).toBe('[redacted], com[redacted], "[redacted]"');
    expect(redact("COMPASS and Pass", ["pass"])).toBe("COMPASS and [redacted]");
  });
});

describe("redacts patterns of keys that are escaped", () => {
  it.each([
    ["Authorization%3A%20Bearer%20abcdefg", "abcdefg"],
    ["{\\u0022api_key\\u0022:\\u0022verysecret1\\u0022}", "verysecret1"],
    ["apiKey=&quot;verysecret1&quot;", "verysecret1"],
    ["sk%2Dproj%2Dabcdefgh12345678", "abcdefgh"],
  ])("%s", (text, secret) => {
    const clean = redact(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain("[redacted]");
    expect(redact(clean)).toBe(clean);
  });
});

describe("does not redact", () => {
  it.each([
    "the model meta-llama/Llama-3.3-70B-Instruct does not exist",
    "openai/gpt-oss-120b is overloaded, try again in 6s",
    "wandb-artifact:///team/project/name:v1 was not found",
    "maximum context length is 128000 tokens, your messages have 130000 tokens",
    "https://api.example.com/v1/chat/completions answered 503",
    "connect ECONNREFUSED 127.0.0.1:8080",
    "request id req_011CPnabc",
    "Example: export WANDB_API_KEY=your_key_here",
    "mail someone@example.com",
    "credentials.a.apiKey: expected a key without line breaks",
    "invalid WANDB_API_KEY: expected one line",
    "call 7d9f4c1e-6a5b-4c3d-8e2f-1a0b9c8d7e6f",
    "C:\\new\\table is 100%25 full &amp; \\u0041",
  ])("%s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

it.each([
  ["one long word", "a".repeat(200_000)],
  ["many URLs", "http://".repeat(30_000)],
  ["many assignments", "token ".repeat(30_000)],
  ["many dashes", "sk-".repeat(60_000)],
  ["many backslashes", `token${"\\".repeat(200_000)}`],
])("takes time linear in the length of the text: %s", (_, text) => {
  const from = performance.now();
  redact(text);
  expect(performance.now() - from).toBeLessThan(500);
});

it("ignores secrets of fewer than four characters", () => {
  expect(redact("abc abc", ["abc", ""])).toBe("abc abc");
});

it("redacts a known key at any position, and is idempotent", () => {
  const key = fc.string({ minLength: 4, maxLength: 60 }).filter((text) => !/[[\]]|^[redact]+$/.test(text));
  fc.assert(
    fc.property(fc.string(), key, fc.string(), (before, secret, after) => {
      const clean = redact(`${before}${secret}${after}`, [secret]);
      expect(clean).not.toContain(secret);
      expect(redact(clean, [secret])).toBe(clean);
    }),
  );
});
