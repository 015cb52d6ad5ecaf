import { describe, expect, test } from "vitest";
import { isIbanValid } from "./iban.ts";
import { isLuhnValid } from "./luhn.ts";
import { pii } from "./pii.ts";
import { secrets } from "./secrets.ts";

describe("secrets", () => {
  const { scrub } = secrets({ known: ["open-sesame"] });
  test.each([
    "sk-proj-a1b2c3d4e5f6g7h8",
    "my key:gsk_0123456789abcdef0123",
    String.raw`{"line":"\nsk-ant-0123456789abcdef"}`,
    "0123456789abcdef0123456789abcdef01234567",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "https://user:hunter2@host/x",
    "Authorization: Bearer abcDEF123456789012345",
    "password = correct9horse",
    String.raw`{\"api_key\":\"Zm9vYmFyMTIzNDU2\"}`,
    "they said open-sesame to the door",
    `eyJ${"hbGciOiJSUzI1NiIsIng1YyI6".repeat(40)}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.sig`,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
  ])("%s is one", (text) => expect(scrub(text)).toBe("drop"));

  test.each([
    "The secret: never trust the harbour master.",
    "token: nothing",
    "risk-averse-merchants-of-the-north",
    "a password is asked for at the gate",
    "https://example.org/path?x=1",
    "wandb-artifact:///team/project/name:v1",
    "call 550e8400-e29b-41d4-a716-446655440000",
  ])("%s is none", (text) => expect(scrub(text)).toBeNull());
});

describe("personal data", () => {
  const { scrub } = pii();
  test.each([
    ["write to ada.l+x@mail.example.org!", "write to [email]!", { email: 1 }],
    ["mailto:ada%40example.org", "mailto:[email]", { email: 1 }],
    ["pay DE89 3704 0044 0532 0130 00 now", "pay [iban] now", { iban: 1 }],
    ["pay 4111 1111 1111 1111 or 4111111111111111", "pay [card] or [card]", { card: 2 }],
    ["call +49 (30) 123 4567 or (555) 123-4567", "call [phone] or [phone]", { phone: 2 }],
  ])("%s", (text, masked, counts) => expect(scrub(text)).toEqual({ text: masked, masked: counts }));

  test.each([
    "4111 1111 1111 1112",
    "DE88 3704 0044 0532 0130 00",
    "in 1793 there were 12345678 fish",
    "a @ b",
    "3.14159265358979",
  ])("%s is none", (text) => expect(scrub(text)).toBeNull());

  test("kinds can be chosen, and the application masks its own", () => {
    const own = pii({ mask: ["card"], also: (text) => text.replaceAll("Ada", "[name]") });
    expect(own.scrub("Ada a@b.org")).toEqual({ text: "[name] a@b.org", masked: { own: 1 } });
  });
});

test("check digits", () => {
  expect([isLuhnValid("79927398713"), isLuhnValid("79927398710")]).toEqual([true, false]);
  expect([isIbanValid("GB82 WEST 1234 5698 7654 32"), isIbanValid("GB82 WEST 1234 5698 7654 33")]).toEqual([
    true,
    false,
  ]);
});
