import { expect, test } from "vitest";
import { startProviderSimulator } from "../start-provider-simulator.ts";
import type { Phrases } from "./prose.ts";

const fog: Phrases = {
  openers: ["Mind you,"],
  subjects: ["the fog"],
  claims: ["is late"],
  closers: ["So am I."],
  names: ["Pip"],
  words: ["fog"],
};

async function ask(phrases: Phrases | undefined, format: object | undefined): Promise<string> {
  await using simulator = await startProviderSimulator({ phrases });
  const reply = await fetch(`${simulator.baseURLs.openai}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${simulator.env.OPENAI_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "gpt-6-luna",
      messages: [{ role: "user", content: "Say something." }],
      ...(format && { response_format: format }),
    }),
  });
  return reply.text();
}

const schema = {
  type: "object",
  properties: { question: { type: "string" }, author: { type: "string" }, text: { type: "string" } },
  required: ["question", "author", "text"],
  additionalProperties: false,
};

test("texts and values of a schema consist of the given phrases", async () => {
  expect(await ask(fog, undefined)).toContain("Mind you, the fog is late. So am I. Mind you,");
  const answer = await ask(fog, { type: "json_schema", json_schema: { name: "said", strict: true, schema } });
  for (const part of ["Will the fog be settled before day", "Pip", "Mind you, the fog is late."]) {
    expect(answer).toContain(part);
  }
});

test("without phrases the simulator uses its own", async () => {
  expect(await ask(undefined, undefined)).not.toContain("the fog is late");
});

test("an empty list is rejected by name", async () => {
  // As a file or plain JavaScript may pass it.
  const broken = { ...fog, claims: [] } as unknown as Phrases;
  await expect(startProviderSimulator({ phrases: broken })).rejects.toMatchObject({
    code: "invalid_option",
    message: expect.stringContaining("phrases.claims"),
  });
});
