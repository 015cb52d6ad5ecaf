import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { LLMClient } from "../llm-client.ts";
import type { ItemStream } from "./array/item-stream.ts";
import type { InferInput, InferSchema } from "./schema/structured-schema.ts";
import type { GenerateArrayResult, GenerateObjectResult } from "./structured-options.ts";

const ofZod = z.object({ id: z.string(), n: z.string().transform(Number), mood: z.number().optional() });
const ofValibot = v.object({ id: v.string(), n: v.pipe(v.string(), v.transform(Number)) });
const ofArktype = type({ id: "string", "mood?": "number" });
const ofJson = {
  jsonSchema: { type: "object" },
  validate: (value: unknown) =>
    typeof value === "string" ? { value: { word: value } } : { issues: [{ message: "no word" }] },
};
interface Post {
  readonly id: string;
  readonly n: number;
  readonly mood?: number | undefined;
}

it("infers what a schema gives and takes", () => {
  expectTypeOf<InferSchema<typeof ofZod>>().toEqualTypeOf<{ id: string; n: number; mood?: number | undefined }>();
  expectTypeOf<InferInput<typeof ofZod>>().toEqualTypeOf<{ id: string; n: string; mood?: number | undefined }>();
  expectTypeOf<InferSchema<typeof ofValibot>>().toEqualTypeOf<{ id: string; n: number }>();
  expectTypeOf<InferSchema<typeof ofArktype>>().toEqualTypeOf<{ id: string; mood?: number }>();
  expectTypeOf<InferSchema<typeof ofJson>>().toEqualTypeOf<{ word: string }>();
});

it("infers results from what is asked", () => {
  // Never run: only its types count.
  const calls = (llm: LLMClient) => {
    const prompt = "Go.";
    const tools = { look: { inputSchema: {} } };
    const ids: ("a" | "b")[] = ["a", "b"];
    const perhaps = ids.length > 1 ? { count: 2 } : undefined;
    const either = perhaps ?? { ids, idOf: (item: { id: string }) => item.id };
    return {
      object: llm.generateObject({ schema: ofZod, prompt }),
      maybe: llm.generateObject({ schema: ofZod, prompt, tools }),
      byHand: llm.generateObject({ schema: ofJson, prompt }),
      inline: llm.generateObject({
        schema: { jsonSchema: {}, validate: async (value) => ({ value: String(value) }) },
        prompt,
      }),
      byIds: llm.generateArray({ element: ofArktype, prompt, expected: { ids, idOf: (item) => item.id } }),
      byCount: llm.generateArray({ element: ofValibot, prompt, expected: { count: 3 } }),
      free: llm.generateArray({ element: ofZod, prompt }),
      perhaps: llm.generateArray({ element: ofZod, prompt, expected: perhaps }),
      either: llm.streamArray({ element: ofZod, prompt, expected: either }),
      objects: llm.streamObject({ schema: ofZod, prompt }),
      items: llm.streamArray({ element: ofZod, prompt, expected: { ids, idOf: ({ id }) => id } }),
    };
  };
  type Calls = ReturnType<typeof calls>;
  expectTypeOf<Calls["object"]>().resolves.toExtend<GenerateObjectResult<Post>>();
  expectTypeOf<Awaited<Calls["object"]>["object"]>().not.toBeNullable();
  expectTypeOf<Awaited<Calls["maybe"]>["object"]>().toBeNullable();
  expectTypeOf<Awaited<Calls["byHand"]>["object"]>().toEqualTypeOf<{ word: string }>();
  expectTypeOf<Awaited<Calls["inline"]>["object"]>().toEqualTypeOf<string>();
  expectTypeOf<Calls["byIds"]>().resolves.toEqualTypeOf<
    GenerateArrayResult<{ id: string; mood?: number }, readonly ("a" | "b")[]>
  >();
  expectTypeOf<Awaited<Calls["byCount"]>["missing"]>().toEqualTypeOf<readonly number[]>();
  expectTypeOf<Awaited<Calls["free"]>["missing"]>().toEqualTypeOf<readonly never[] | null>();
  expectTypeOf<Awaited<Calls["perhaps"]>["missing"]>().toExtend<readonly (string | number)[] | null>();
  expectTypeOf<Calls["either"]>().toExtend<
    ItemStream<Post, GenerateArrayResult<Post, readonly ("a" | "b")[] | readonly number[] | null>>
  >();
  expectTypeOf<Calls["objects"]>().toExtend<ItemStream<{ n?: string }, GenerateObjectResult<Post>>>();
  expectTypeOf<Calls["items"]>().toExtend<ItemStream<Post, GenerateArrayResult<Post, readonly ("a" | "b")[]>>>();
});

it("refuses what makes no sense", () => {
  // Never run: only its types count.
  const calls = (llm: LLMClient) => [
    // @ts-expect-error a schema is needed
    llm.generateObject({ prompt: "Go." }),
    // @ts-expect-error no tools with arrays
    llm.generateArray({ element: ofZod, prompt: "Go.", tools: {} }),
    // @ts-expect-error ids need idOf
    llm.generateArray({ element: ofZod, prompt: "Go.", expected: { ids: ["a"] } }),
    // @ts-expect-error the element has no such member
    llm.generateArray({ element: ofZod, prompt: "Go.", expected: { ids: ["a"], idOf: (item) => item.name } }),
    // @ts-expect-error the form of the answer is the schema's
    llm.generateObject({ schema: ofZod, prompt: "Go.", responseFormat: { type: "json" } }),
  ];
  expectTypeOf(calls).toBeFunction();
});
