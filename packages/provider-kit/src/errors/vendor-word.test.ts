import { expect, test } from "vitest";
import { vendorWord } from "./vendor-word.ts";

const FACTS = { secrets: ["SuperSecretKeyValue4711abc"] };

test.each([
  "chatcmpl-CzOai2",
  "msg_01Stream",
  "meta-llama/Llama-3.3-70B-Instruct",
  "wandb-artifact:///team/project/name:v1",
  "/models/qwen.gguf",
  "end_turn",
  "原因",
])("%s is a word", (word) => {
  expect(vendorWord(word, FACTS)).toBe(word);
});

test.each([
  null,
  "",
  "two words",
  'quo"ted',
  "per%20cent",
  "back\\u0022slash",
  "turned\u202eround",
  "zero\u200bwidth",
  "line\u2028separator",
  "x".repeat(257),
  "id-SuperSecretKeyValue",
  "sk-proj-of-somebody-else",
])("%j is not", (word) => {
  expect(vendorWord(word, FACTS)).toBeNull();
});
