import { expect, test } from "vitest";
import { checkApiKey, checkBaseURL } from "./check-endpoint.ts";

test.each([
  "https://api.openai.com/v1",
  "http://localhost:11434/v1",
  "http://127.0.0.1:8000",
  "http://127.9.9.9",
  "http://[::1]:8000/v1",
  "http://api.localhost",
  "https://me.openai.azure.com/openai?api-version=2026-01-01",
])("accepts %s", (url) => {
  expect(checkBaseURL(url, "X", false)).toBeNull();
});

test.each([
  "",
  "api.openai.com/v1",
  "/v1",
  "ftp://example.org",
  "javascript:alert(1)",
  "https://user:secret-word@example.org/v1",
  "https://example.org/v1#part",
  "http://example.org/v1",
  "http://10.0.0.7",
  "http://127.0.0.1.example.org",
  "http://localhost.example.org",
  "http://0.0.0.0:1",
])("rejects %s", (url) => {
  const problem = checkBaseURL(url, "WANDB_BASE_URL", false);
  expect(problem?.path).toBe("WANDB_BASE_URL");
  expect(JSON.stringify(problem)).not.toContain("secret-word");
});

test("accepts plain http for other hosts only with allowInsecureHttp", () => {
  expect(checkBaseURL("http://10.0.0.7/v1", "X", true)).toBeNull();
  expect(checkBaseURL("ftp://10.0.0.7/v1", "X", true)).not.toBeNull();
});

test.each(["", " ", "two words", "line\nbreak", "trailing\n", "tab\t", "nul\0", "ключ", "del\x7f"])(
  "rejects the key %j without repeating it",
  (key) => {
    const problem = checkApiKey(key, "wandb.apiKey");
    expect(problem?.path).toBe("wandb.apiKey");
    if (key.length > 3) expect(problem?.expected).not.toContain(key);
  },
);

test("accepts a key of visible characters", () => {
  expect(checkApiKey("sk-proj_AZ09~!", "x")).toBeNull();
});
