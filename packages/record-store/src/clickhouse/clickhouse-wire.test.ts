import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "@babylon/llm-core";
import { createFakeClock, createSeededRandom } from "@babylon/llm-testing";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { RecordStore, RecordStoreOptions } from "../contract/record-store.ts";
import { openRecordStore } from "../open-record-store.ts";
import { randomRecord } from "../test-support/random-record.ts";
import {
  type ClickhouseWire,
  resultOf,
  startClickhouseWire,
  statementOf,
  type WireReply,
} from "../test-support/start-clickhouse-wire.ts";
import { createClickhouseClient } from "./clickhouse-client.ts";
import { createTable, DESCRIBE_TABLE, modifyTable } from "./clickhouse-table.ts";
import { parseClickhouseUrl } from "./parse-clickhouse-url.ts";
import { readRows } from "./read-rows.ts";

const RETENTION = { keepDays: 30, keepContentDays: 7, keepSumsDays: 400 };
const EXCEPTION =
  "Code: 241. DB::Exception: Memory limit (total) exceeded: would use 9.31 GiB, while reading 'a secret prompt'. (MEMORY_LIMIT_EXCEEDED) (version 26.3.1.1 (official build))";

let wire: ClickhouseWire;
beforeEach(async () => {
  wire = await startClickhouseWire();
  onTestFinished(() => wire.stop());
});

const tableOf = (retention: typeof RETENTION, comment = "version 1"): WireReply =>
  resultOf([createTable(retention), comment]);

async function open(options: Partial<RecordStoreOptions> = {}): Promise<RecordStore> {
  const folder = mkdtempSync(join(tmpdir(), "babylon-spill-"));
  const store = await openRecordStore({ url: wire.url, spillFolder: folder, ...options });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

const recordOf = (callId: string, over: Partial<CallRecord> = {}): CallRecord => ({
  ...randomRecord(createSeededRandom(1), callId, 1_700_000_000_000, { agents: 2, tenants: 2 }),
  ...over,
});

const inserts = () => wire.requests.filter(({ parameters }) => parameters.query?.startsWith("INSERT"));
const callIdsOf = ({ body }: { readonly body: string }): string[] =>
  body.split("\n").map((line) => JSON.parse(line).call_id);

describe("what is sent", () => {
  it("a batch is one INSERT of JSON lines that the server collects and confirms", async () => {
    wire.answer((request) => (statementOf(request) === DESCRIBE_TABLE ? tableOf(RETENTION) : undefined));
    const store = await open();
    const content = { messages: [], text: "ünï", reasoning: null, toolCalls: [], requests: [] };
    store.recorder(recordOf("one", { content }));
    store.recorder(recordOf("two", { agent: null, outcome: "failed", attempts: [] }));
    await store.flush();
    expect(wire.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
    const [insert] = inserts();
    expect(insert?.parameters).toEqual({
      database: "logs",
      async_insert: "1",
      wait_for_async_insert: "1",
      query: "INSERT INTO babylon_records FORMAT JSONEachRow",
    });
    expect(insert?.headers).toMatchObject({ "x-clickhouse-user": "writer", "x-clickhouse-key": "secret key" });
    expect(insert?.headers.authorization).toBeUndefined();
    const [one, two] = (insert?.body ?? "").split("\n").map((line) => JSON.parse(line));
    const record = recordOf("one");
    expect(Object.keys(one)).toEqual(Object.keys(two));
    expect(one).toMatchObject({
      call_id: "one",
      started_at: 1_700_000_000_000,
      outcome: record.outcome,
      provider: record.provider ?? "",
      agent: record.agent ?? "",
      "attempts.provider": record.attempts.map(({ provider }) => provider),
      "attempts.input_tokens": record.attempts.map(({ usage }) => usage?.inputTokens ?? 0),
      "attempts.duration_bucket": record.attempts.map(({ durationMs }) => Math.ceil(Math.log2(durationMs / 10) * 32)),
      content: JSON.stringify(content),
    });
    expect(JSON.parse(one.line).slice(0, 3)).toEqual([2, "one", 1_700_000_000_000]);
    expect(two).toMatchObject({ agent: "", outcome: "failed", "attempts.provider": [], content: "" });
    // Each column is one of the table, and each column of the table is sent.
    const columns = createTable(RETENTION)
      .replace(/attempts Nested\((.*?)\n {2}\),/s, (_, nested: string) =>
        nested.replaceAll(/^ +(\w)/gm, "  attempts.$1"),
      )
      .match(/^ {2}[a-z_.]+(?= [A-Z])/gm);
    expect(Object.keys(one)).toEqual(columns?.map((name) => name.trim()));
  });

  it.each<[what: string, found: WireReply, sent: readonly string[]]>([
    ["is missing: it is created", resultOf(), [createTable(RETENTION)]],
    ["is as it should be: nothing is changed", tableOf(RETENTION), []],
    ["keeps for another time: it is changed", tableOf({ ...RETENTION, keepDays: 3 }), [modifyTable(RETENTION)]],
  ])("a table that %s", async (_, found, sent) => {
    wire.answer((request) => (statementOf(request) === DESCRIBE_TABLE ? found : undefined));
    const store = await open();
    await store.calls({ limit: 1 });
    expect(wire.requests.slice(1, -1).map(statementOf)).toEqual(sent);
    expect(wire.requests.at(-1)?.parameters).toEqual({
      database: "logs",
      default_format: "JSONCompact",
      output_format_json_quote_64bit_integers: "1",
      wait_end_of_query: "1",
      cancel_http_readonly_queries_on_client_close: "1",
      do_not_merge_across_partitions_select_final: "1",
    });
  });

  it("a reader neither creates nor changes the table", async () => {
    const replies = [resultOf(), tableOf({ ...RETENTION, keepDays: 3 })];
    wire.answer((request) => (statementOf(request) === DESCRIBE_TABLE ? replies.shift() : undefined));
    for (let reader = 0; reader < 2; reader += 1) await (await open({ readOnly: true })).calls({ limit: 1 });
    expect(wire.requests.map((request) => statementOf(request).slice(0, 26))).toEqual([
      DESCRIBE_TABLE.slice(0, 26),
      "SELECT started_at, call_id",
      DESCRIBE_TABLE.slice(0, 26),
      "SELECT started_at, call_id",
    ]);
  });

  it("a table of a newer version is not touched", async () => {
    wire.answer((request) => (statementOf(request) === DESCRIBE_TABLE ? tableOf(RETENTION, "version 2") : undefined));
    const store = await open();
    await expect(store.calls({ limit: 1 })).rejects.toMatchObject({ code: "corrupt" });
    expect(wire.requests).toHaveLength(1);
  });

  it.each<[what: string, work: (store: RecordStore) => Promise<unknown>, statements: readonly string[]]>([
    ["prune", (store) => store.prune(), ["ALTER TABLE babylon_records MATERIALIZE TTL"]],
    [
      "erase of a call",
      (store) => store.erase({ callId: "it's" }),
      [
        "SELECT count() FROM (SELECT 1 FROM babylon_records WHERE call_id = 'it\\'s' AND line != '' LIMIT 1 BY started_at, call_id)",
        "ALTER TABLE babylon_records UPDATE line = '', content = '' WHERE call_id = 'it\\'s'",
      ],
    ],
    [
      "erase of a tenant",
      (store) => store.erase({ tenant: "acme" }),
      [
        "SELECT count() FROM (SELECT 1 FROM babylon_records WHERE tenant = 'acme' AND line != '' LIMIT 1 BY started_at, call_id)",
        "ALTER TABLE babylon_records UPDATE line = '', content = '', tenant = '(erased)' WHERE tenant = 'acme'",
      ],
    ],
  ])("%s", async (_, work, statements) => {
    wire.answer((request) => (statementOf(request) === DESCRIBE_TABLE ? tableOf(RETENTION) : undefined));
    wire.answer((request) => (statementOf(request).startsWith("SELECT count()") ? resultOf(["3"]) : undefined));
    const removed = await work(await open());
    expect(wire.requests.slice(1).map(statementOf)).toEqual(statements);
    expect(wire.requests.at(-1)?.parameters).toEqual({ database: "logs", mutations_sync: "2" });
    if (statements.length > 1) expect(removed).toBe(3);
  });

  it("a usage of three weeks is three statements, whose rows are merged; progress is reported after each", async () => {
    const from = Date.parse("2026-11-01T00:00:00Z");
    const to = from + 21 * 86_400_000;
    wire.answer((request) => {
      const statement = statementOf(request);
      if (statement.startsWith("SELECT min(")) return resultOf([String(from), "9"]);
      if (!statement.startsWith("SELECT roundDown")) return undefined;
      const counts = ["2", "1", "0", "0", "0", "3", "1", "10", "0", "0", "5", "0", "0", "7", "7", "0"];
      return resultOf([
        String(from),
        "chat",
        ...counts,
        [
          [0, 32],
          ["1", "1"],
        ],
        9.9,
        20,
        [[], []],
        null,
        null,
      ]);
    });
    const shares: number[] = [];
    const store = await open();
    const rows = await store.usage({
      from,
      to,
      timeZone: "UTC",
      bucket: "all",
      by: ["purpose"],
      onProgress: (share) => shares.push(share),
    });
    expect(wire.requests.filter((request) => statementOf(request).startsWith("SELECT roundDown"))).toHaveLength(3);
    expect(shares.map((share) => Math.round(share * 100))).toEqual([33, 67, 100, 100]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      group: { purpose: "chat" },
      calls: 6,
      failed: 3,
      attempts: 9,
      outputTokens: 15,
      nanoUsd: 21,
      firstToken: { p50: null },
    });
    expect(rows[0]?.latency.p50).toBeCloseTo(9.9, 0);
    expect(rows[0]?.latency.p99).toBeCloseTo(19.8, 0);
  });
});

describe("what follows a reply", () => {
  const clientOf = (clock = createFakeClock()) => ({
    clock,
    client: createClickhouseClient({ url: parseClickhouseUrl(wire.url, "url"), fetch, clock, limitMs: 30_000 }),
  });

  it.each<[what: string, reply: WireReply, message: string | RegExp, over?: object]>([
    ["status 500 with an exception", { status: 500, body: EXCEPTION }, "ClickHouse: code 241 (MEMORY_LIMIT_EXCEEDED)"],
    [
      "status 403 with an exception",
      { status: 403, body: "Code: 516. DB::Exception: writer: Authentication failed. (AUTHENTICATION_FAILED)" },
      "ClickHouse: code 516 (AUTHENTICATION_FAILED)",
      { retryable: false },
    ],
    [
      "an exception of an old server",
      { status: 500, body: "Code: 60. DB::Exception: no table" },
      "ClickHouse: code 60",
    ],
    ["the page of a proxy", { status: 502, body: "<html>bad gateway</html>" }, "ClickHouse: status 502"],
    [
      "status 200 whose header has an exception",
      { headers: { "x-clickhouse-exception-code": "159" }, body: "" },
      "ClickHouse: code 159",
    ],
    [
      "status 200 and an exception after some rows",
      { body: `{"meta":[],"data":[["1"],\n${EXCEPTION}` },
      "ClickHouse: code 241 (MEMORY_LIMIT_EXCEEDED)",
    ],
    [
      "status 200 and an exception as a field",
      { body: JSON.stringify({ data: [["1"]], exception: EXCEPTION }) },
      "ClickHouse: code 241 (MEMORY_LIMIT_EXCEEDED)",
    ],
    ["status 200 and half of a reply", { body: '{"meta":[],"data":[["1"]' }, "ClickHouse: the reply is not complete"],
    ["a connection that is closed within a reply", { body: '{"data":[', end: "cut" }, /^ClickHouse: /],
    ["a connection that is reset", { end: "reset" }, /ECONNRESET|other side closed/],
    ["a redirect", { status: 307, headers: { location: "http://127.0.0.1:1/" } }, /redirect/],
  ])("%s is an error", async (_, reply, message, over = { retryable: true }) => {
    wire.answer(() => reply);
    const { client } = clientOf();
    const thrown: unknown = await readRows(client, "SELECT 1").catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: "StorageError", code: "unavailable", applied: "no", ...over });
    expect((thrown as Error).message).toMatch(message);
    expect(`${thrown} ${(thrown as Error).stack}`).not.toMatch(/secret|prompt/);
  });

  it("no reply within the limit is an error, and the connection is closed", async () => {
    wire.answer(() => ({ end: "hang" }));
    const { client, clock } = clientOf();
    const refused = expect(client.send({ sql: "SELECT 1", applied: "unknown" })).rejects.toMatchObject({
      message: "ClickHouse: no answer within 30000 ms",
      timedOut: true,
      applied: "unknown",
    });
    while (wire.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(30_000);
    await refused;
    await wire.requests[0]?.closed;
    expect(clock.pendingTimers()).toBe(0);
  });

  it("a query that is canceled closes its connection", async () => {
    wire.answer((request) => (statementOf(request).startsWith("SELECT roundDown") ? { end: "hang" } : undefined));
    wire.answer((request) => (statementOf(request).startsWith("SELECT min(") ? resultOf(["1000", "1"]) : undefined));
    const store = await open();
    const controller = new AbortController();
    const query = { from: 0, to: 2_000, timeZone: "UTC", bucket: "all", abortSignal: controller.signal } as const;
    const canceled = expect(store.usage(query)).rejects.toMatchObject({ name: "AbortError" });
    while (!wire.requests.some((request) => statementOf(request).startsWith("SELECT roundDown"))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    await canceled;
    await wire.requests.at(-1)?.closed;
  });

  it.each<[what: string, reply: WireReply]>([
    ["refuses", { status: 500, body: EXCEPTION }],
    ["resets the connection", { end: "reset" }],
    ["is behind a proxy that fails", { status: 503, body: "" }],
  ])("records go to files while the server %s, and are all sent when it is back", async (_, reply) => {
    let isAway = true;
    wire.answer(({ parameters }) => (isAway && parameters.query !== undefined ? reply : undefined));
    const logged: unknown[] = [];
    const log = (...entry: unknown[]): void => void logged.push(entry);
    const store = await open({ logger: { debug: log, info: log, warn: log, error: log } });
    const ids = Array.from({ length: 700 }, (_, at) => `call-${at}`);
    for (const id of ids) store.recorder(recordOf(id));
    await store.flush();
    expect([store.dropped, store.spilled]).toEqual([0, 700]);
    const refused = inserts().length;
    isAway = false;
    await store.flush();
    expect([store.dropped, store.spilled]).toEqual([0, 0]);
    expect(inserts().slice(refused).flatMap(callIdsOf)).toEqual(ids);
    expect(JSON.stringify([logged, store.location, wire.requests.map(({ target }) => target)])).not.toMatch(
      /secret|writer|prompt/,
    );
  });

  it("a table that was dropped is created again", async () => {
    const store = await open();
    store.recorder(recordOf("one"));
    await store.flush();
    let isMissing = true;
    wire.answer(({ parameters }) =>
      isMissing && parameters.query !== undefined
        ? { status: 404, body: "Code: 60. DB::Exception: Table logs.babylon_records does not exist. (UNKNOWN_TABLE)" }
        : undefined,
    );
    store.recorder(recordOf("two"));
    await store.flush();
    expect(store.spilled).toBe(1);
    isMissing = false;
    const before = wire.requests.length;
    await store.flush();
    expect(wire.requests.slice(before).map((request) => statementOf(request).slice(0, 12))).toEqual([
      DESCRIBE_TABLE.slice(0, 12),
      "CREATE TABLE",
      "INSERT INTO ",
    ]);
    expect(store.spilled).toBe(0);
  });
});

describe("the URL", () => {
  it.each([
    ["clickhouse+https://host", "https://host:8443", "default", "default", ""],
    ["clickhouse+http://host", "http://host:8123", "default", "default", ""],
    ["clickhouse+https://host:443/logs", "https://host", "logs", "default", ""],
    ["CLICKHOUSE+HTTPS://me:p%40ss@host:9/a%20b/", "https://host:9", "a b", "me", "p@ss"],
    ["clickhouse+http://[::1]:8123/x", "http://[::1]:8123", "x", "default", ""],
  ])("%s", (text, origin, database, user, password) => {
    const parsed = parseClickhouseUrl(text, "url");
    expect(parsed).toMatchObject({ origin, database, user, password });
    if (password !== "") expect(parsed.location).not.toContain(password);
  });

  it.each([
    ["clickhouse+https://", /not a valid/],
    ["clickhouse+https://host/a/b", /name of a database/],
    ["clickhouse+https://me:geheim@host/db?ssl=1", /no options/],
    ["clickhouse+https://me:%ZZgeheim@host/db", /not encoded/],
    ["clickhouse://me:geheim@host/db", /clickhouse\+https:\/\//],
    ["mysql://me:geheim@host/db", /expected a URL with one of the schemes/],
  ])("%s is refused", async (url, message) => {
    const thrown: unknown = await openRecordStore({ url, at: "BABYLON_RECORDS_URL" }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: "invalid",
      at: "BABYLON_RECORDS_URL",
      message: expect.stringMatching(message),
    });
    expect(String(thrown)).not.toContain("geheim");
  });
});
