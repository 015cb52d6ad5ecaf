import { type CallRecord, createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { beforeAll, describe, expect, test } from "vitest";
import type { Permission } from "../authorize.ts";
import type { CallData, CallsData } from "../contract.ts";
import { memoryRecords } from "../test-support/memory-records.ts";
import { startAdmin } from "../test-support/start-admin.ts";

const PROMPT = "canary-in-the-prompt";
const ANSWER = "canary-in-the-answer";
const SCHEMA = "canary-in-the-schema";

/** A real record with content. */
async function recordCall(): Promise<CallRecord> {
  const records: CallRecord[] = [];
  const llm = createLLMClient({
    providers: [mockProvider({ id: "groq", steps: [{ text: `{"${SCHEMA}":"${ANSWER}"}` }] })],
    recorders: [(record) => void records.push(record)],
    recordContent: true,
  });
  await llm.generateObject({
    prompt: PROMPT,
    agent: "reporter",
    tenant: "acme",
    schema: {
      jsonSchema: {
        type: "object",
        properties: { [SCHEMA]: { type: "string" } },
        required: [SCHEMA],
        additionalProperties: false,
      },
      validate: (value) => ({ value }),
    },
  });
  await llm.close();
  const [record] = records;
  if (record === undefined) throw new Error("nothing was recorded");
  return record;
}

let record: CallRecord;
beforeAll(async () => {
  record = await recordCall();
  expect(JSON.stringify(record.content)).toContain(ANSWER);
});

const start = (permissions: readonly Permission[] | undefined, records: readonly CallRecord[] = [record]) =>
  startAdmin({ authorize: () => ({ actor: "ana", permissions }), records: memoryRecords(records) });

describe("content", () => {
  const paths = () => ["/calls", `/calls?search=${record.callId}`, `/calls?search=reporter`, `/calls/${record.callId}`];

  test.each([[undefined], [["read"]], [["read", "content"]]] as const)(
    "is in no byte of a reply that does not ask for it, with the permissions %j",
    async (permissions) => {
      const { call } = start(permissions);
      for (const path of paths()) {
        const { status, reply } = await call("GET", path);
        expect(status).toBe(200);
        expect(JSON.stringify(reply)).not.toContain("canary");
        expect(JSON.stringify(reply)).toContain("reporter");
      }
    },
  );

  test("a future field of a record does not leave by itself", async () => {
    const later = {
      ...record,
      transcript: "canary",
      attempts: record.attempts.map((each) => ({ ...each, body: "canary" })),
    };
    const { call } = start(["read", "content"], [later]);
    for (const path of paths()) expect(JSON.stringify(await call("GET", path))).not.toContain("canary");
  });

  test.each([[undefined], [["read", "write"]]] as const)(
    "asked for without the permission (%j) is a 403",
    async (permissions) => {
      const { call, logged } = start(permissions);
      const { status, reply } = await call("GET", `/calls/${record.callId}?content=true`);
      expect([status, reply]).toMatchObject([
        403,
        { code: "forbidden", error: "this needs the permission to read content" },
      ]);
      expect(JSON.stringify(reply)).not.toContain("canary");
      expect(logged).toEqual([]);
    },
  );

  test("the permission to read content alone does not show the log", async () => {
    const { call } = start(["content"]);
    for (const path of [...paths(), `/calls/${record.callId}?content=true`])
      expect((await call("GET", path)).status).toBe(403);
  });

  test("with the permission it is sent, and the reading is logged", async () => {
    const { data, logged } = start(["read", "content"]);
    const reply = await data<CallData>("GET", `/calls/${record.callId}?content=true`);
    expect(reply).toMatchObject({ contentStored: true, mayReadContent: true });
    expect(reply.content).toEqual(record.content);
    expect(logged).toEqual([
      { message: "the content of a call was read", fields: { actor: "ana", callId: record.callId } },
    ]);
  });

  test("the page says that it is stored and may not be read", async () => {
    const reply = await start(["read"]).data<CallData>("GET", `/calls/${record.callId}`);
    expect(reply).toMatchObject({ contentStored: true, mayReadContent: false, content: null });
    expect(reply.call).toMatchObject({
      callId: record.callId,
      tenant: "acme",
      attempts: [{ number: 1, provider: "groq" }],
    });
  });
});

describe("the log", () => {
  const many = () =>
    Array.from({ length: 12_000 }, (_, at) => ({
      ...record,
      callId: `id-${at}`,
      agent: at % 4_000 === 3_999 ? "rare" : "often",
    }));

  test("has pages by cursor", async () => {
    const { data } = start(["read"], many());
    const first = await data<CallsData>("GET", "/calls?limit=2");
    expect(first.calls.map(({ callId }) => callId)).toEqual(["id-0", "id-1"]);
    const second = await data<CallsData>("GET", `/calls?limit=2&before=${first.next}`);
    expect(second.calls.map(({ callId }) => callId)).toEqual(["id-2", "id-3"]);
  });

  test("a search reads at most 5,000 calls at once, and continues", async () => {
    const { data } = start(["read"], many());
    const found: string[] = [];
    let next: string | null = null;
    let replies = 0;
    do {
      const path: string = `/calls?search=RARE%20acme${next === null ? "" : `&before=${next}`}`;
      const reply: CallsData = await data<CallsData>("GET", path);
      expect(reply.scanned).toBeLessThanOrEqual(5_000);
      found.push(...reply.calls.map(({ callId }) => callId));
      next = reply.next;
      replies += 1;
    } while (next !== null);
    expect(found).toEqual(["id-3999", "id-7999", "id-11999"]);
    expect(replies).toBe(3);
  });

  test("a complete id is found without reading others", async () => {
    const records = memoryRecords(many());
    const { data } = startAdmin({ records });
    expect((await data<CallsData>("GET", "/calls?search=id-11000")).calls).toMatchObject([{ callId: "id-11000" }]);
    expect(records.queries).toEqual([]);
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=501", "limit"],
    ["before=", "before"],
    ["from=2026-11-02&to=2026-11-01", "to"],
    [`search=${"a".repeat(201)}`, "search"],
    ["last=7d", "last"],
    ["by=agent", "by"],
  ])("%s is a 400 that names %s", async (query, field) => {
    const { status, reply } = await start(["read"]).call("GET", `/calls?${query}`);
    expect([status, reply]).toMatchObject([400, { code: "invalid_query", issues: [{ path: field }] }]);
  });

  test.each(["/calls/none", `/calls/${"a".repeat(400)}`, "/calls/%ff", "/calls/a/b", "/calls/__proto__"])(
    "%s is a 404",
    async (path) => {
      expect((await start(["read"]).call("GET", path)).status).toBe(404);
    },
  );

  test("a route takes GET alone", async () => {
    const { call } = start(undefined);
    for (const path of ["/usage", "/calls", "/calls/1"]) expect((await call("POST", path, {})).status).toBe(405);
  });
});
