import { isRecord } from "@babylon/llm-core";
import { type PostgresStorage, StorageError } from "@babylon/storage";
import { type HoldReply, KEYS_PER_PAGE, type StateEngine, type SumsReply } from "../contract/state-engine.ts";
import { parseFactMessage, toFactMessage } from "../facts/fact-message.ts";
import { SLOW_PACE, waitMsOf } from "../slots/turns.ts";
import { createBatcher } from "./create-batcher.ts";

/** Input of {@link createPostgresEngine}. */
export interface PostgresStateOptions {
  /** Its tables and functions were created by `preparePostgres`. */
  readonly storage: PostgresStorage;
  /** The start of the names of tables and functions. */
  readonly p: string;
  /** Creates the id of a stored state; another one each time, so that an emptied store never gets the one it had. */
  readonly createEpoch: () => string;
}

/** Operations of one statement. A hot window then costs one commit for many reservations. */
const MAX_BATCH = 32;

/** Creates an engine in a Postgres database. */
export function createPostgresEngine({ storage, p, createEpoch }: PostgresStateOptions): StateEngine {
  async function first(sql: string, parameters: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const [row] = await storage.query(`${sql} AS reply`, parameters, { signal, applied: "unknown" });
    return isRecord(row) ? row.reply : undefined;
  }

  async function rowsOf(sql: string, signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await storage.query(sql, [], { signal, applied: "no" })).filter(isRecord);
  }

  /** Replies of the functions, which are part of this package. */
  const ledger = createBatcher<object, Readonly<Record<string, unknown>>>(
    async (operations, signal) => {
      const sql = `SELECT ${p}_ledger($1::jsonb, $2)`;
      const reply = await first(sql, [JSON.stringify(operations), createEpoch()], signal);
      if (!isRecord(reply) || !Array.isArray(reply.replies)) throw unexpected();
      const stamp = { nowEpochMs: Number(reply.now), epoch: String(reply.epoch) };
      return reply.replies.map((one: unknown) =>
        Array.isArray(one) ? { ...stamp, windows: one } : { ...stamp, ...toObject(one) },
      );
    },
    { maxSize: MAX_BATCH },
  );

  // The functions return these shapes.
  const sums = async (operation: object, signal: AbortSignal): Promise<SumsReply> =>
    (await ledger.add(operation, signal)) as unknown as SumsReply;

  return {
    kind: "postgres",
    location: storage.location,
    reserve: async (input, signal) => (await ledger.add({ op: "reserve", ...input }, signal)) as unknown as HoldReply,
    settle: (input, signal) => sums({ op: "settle", ...input }, signal),
    sums: (keys, signal) => sums({ op: "sums", keys }, signal),
    async keys({ prefix, cursor }, signal) {
      const sql = `SELECT coalesce(jsonb_agg(key), '[]') FROM (SELECT key FROM ${p}_windows WHERE starts_with(key, $1)
        AND key COLLATE "C" > $2 ORDER BY key COLLATE "C" LIMIT ${KEYS_PER_PAGE}) AS page`;
      const reply = await first(`SELECT (${sql})`, [prefix, cursor ?? ""], signal);
      if (!Array.isArray(reply)) throw unexpected();
      const keys = reply.map(String);
      return { keys, cursor: keys.length < KEYS_PER_PAGE ? null : (keys.at(-1) ?? null) };
    },
    writeOff: (input, signal) => sums({ op: "write-off", ...input }, signal),
    async writeOffs(limit, signal) {
      const sql = `SELECT at, key, amount, actor, reason FROM ${p}_write_offs ORDER BY number DESC LIMIT ${limit}`;
      return (await rowsOf(sql, signal)).map(({ at, key, amount, actor, reason }) => ({
        atEpochMs: Number(at),
        key: String(key),
        amount: Number(amount),
        actor: typeof actor === "string" ? actor : null,
        reason: typeof reason === "string" ? reason : null,
      }));
    },
    restore: (scopes, signal) => sums({ op: "restore", scopes }, signal),

    async acquire({ key, limit, ttlMs, holder, lease }, signal) {
      const sql = `SELECT ${p}_acquire($1, $2::bigint, $3::bigint, $4, $5)`;
      const ahead = Number(await first(sql, [key, limit, ttlMs, holder, lease], signal));
      return ahead === -1 ? { lease } : { waitMs: waitMsOf(ahead, SLOW_PACE) };
    },
    async renew(key, lease, ttlMs, signal) {
      return (await first(`SELECT ${p}_renew($1, $2, $3::bigint)`, [key, lease, ttlMs], signal)) === true;
    },
    async release(key, lease, signal) {
      await first(`SELECT ${p}_release($1, $2)`, [key, lease], signal);
    },

    async say(fact, signal) {
      const parameters = [`${fact.code} ${fact.key}`, toFactMessage(fact), fact.forMs];
      await first(`SELECT ${p}_say($1, $2, $3::bigint)`, parameters, signal);
    },
    async facts(signal) {
      const sql = `SELECT fact, ends_at - ${p}_now() AS left_ms FROM ${p}_facts WHERE ends_at > ${p}_now()`;
      return (await rowsOf(sql, signal)).flatMap((row) => {
        const fact = parseFactMessage(String(row.fact));
        const forMs = Number(row.left_ms);
        return fact === null || forMs <= 0 ? [] : [{ ...fact, forMs }];
      });
    },
    subscribe({ onFact, onLost }, signal) {
      const onMessage = (message: string): void => {
        const fact = parseFactMessage(message);
        if (fact !== null) onFact(fact);
      };
      return storage.listen(`${p}_facts`, { onMessage, onLost }, signal);
    },

    async beat({ processId, ttlMs, settledIn }, signal) {
      const parameters = [processId, ttlMs, settledIn, createEpoch()];
      const reply = await first(`SELECT ${p}_beat($1, $2::bigint, $3, $4)`, parameters, signal);
      if (!isRecord(reply)) throw unexpected();
      return {
        nowEpochMs: Number(reply.now),
        epoch: String(reply.epoch),
        generation: String(reply.generation),
        processes: Number(reply.processes),
        settled: Number(reply.settled),
      };
    },
    async keep(name, value, signal) {
      const sql = `INSERT INTO ${p}_kept AS k VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = k.value RETURNING value`;
      return String(await first(sql, [name, value], signal));
    },
    async remember(name, value, signal) {
      const sql = `INSERT INTO ${p}_kept VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING value`;
      await first(sql, [name, value], signal);
    },
    async remembered(start, signal) {
      const parameters = { signal, applied: "no" } as const;
      const rows = await storage.query(
        `SELECT name, value FROM ${p}_kept WHERE starts_with(name, $1)`,
        [start],
        parameters,
      );
      return rows.filter(isRecord).map(({ name, value }) => [String(name), String(value)] as const);
    },
    onReconnect: storage.onReconnect,
    // A server answers each call.
    onProgress() {},
    close: () => storage.close(),
  };
}

const toObject = (value: unknown): object => (isRecord(value) ? value : {});

const unexpected = (): StorageError => new StorageError({ message: "Postgres: unexpected reply", applied: "unknown" });
