import type { RedisStorage } from "@babylon/storage";
import { type EngineEnd, KEYS_PER_PAGE, type StateEngine } from "../contract/state-engine.ts";
import { parseFactMessage, toFactMessage } from "../facts/fact-message.ts";
import { FAST_PACE, waitMsOf } from "../slots/turns.ts";
import { BEAT, FACTS, KEEP, REMEMBER, REMEMBERED, SAY } from "./fact-scripts.ts";
import { KEYS, RESERVE, RESTORE, SETTLE, SUMS, WRITE_OFF, WRITE_OFFS } from "./ledger-scripts.ts";
import { elementsOf, readHold, readSumsReply, readWriteOff } from "./read-reply.ts";
import { createRedisScripts } from "./redis-scripts.ts";
import { ACQUIRE, RELEASE, RENEW } from "./slot-scripts.ts";

/** Input of {@link createRedisEngine}. */
export interface RedisEngineOptions {
  readonly storage: RedisStorage;
  readonly prefix: string;
  /** Creates the id of a stored state; another one each time, so that an emptied store never gets the one it had. */
  readonly createEpoch: () => string;
}

const SCRIPTS = [
  ...[RESERVE, SETTLE, SUMS, KEYS, WRITE_OFF, WRITE_OFFS, RESTORE],
  ...[ACQUIRE, RENEW, RELEASE, SAY, FACTS, BEAT, KEEP, REMEMBER, REMEMBERED],
];

const orNothing = (value: number | null): string => (value === null ? "" : String(value));

const endArgs = ({ endEpochMs, endsInMs }: EngineEnd): readonly string[] => [
  orNothing(endEpochMs),
  orNothing(endsInMs),
];

/** A text that SCAN matches as it is. */
const escapeGlob = (text: string): string => text.replace(/[\\*?[\]]/g, "\\$&");

/**
 * Creates an engine on a Redis or Valkey server or cluster. Ledger and facts have one hash tag, so that a script stays in one slot; each
 * limit of slots has its own, so that they spread over a cluster.
 */
export function createRedisEngine({ storage, prefix, createEpoch }: RedisEngineOptions): StateEngine {
  const scripts = createRedisScripts(storage, SCRIPTS);
  const base = `{${prefix}}`;
  const channel = `${base}:facts:${storage.database}`;
  // The key of a limit may contain a brace, which would end the hash tag.
  const limitKey = (key: string): string => `{${prefix}:slots:${key.replaceAll("}", "%7D")}}`;

  const run = (script: string, args: readonly string[], signal: AbortSignal): Promise<unknown> =>
    scripts.run(script, base, [createEpoch(), ...args], signal);

  return {
    kind: "redis",
    location: storage.location,

    async reserve({ id, leaseMs, epoch, scopes }, signal) {
      const scopeArgs = scopes.flatMap((scope) => [
        scope.key,
        String(scope.limit),
        String(scope.amount),
        orNothing(scope.startEpochMs),
        ...endArgs(scope),
      ]);
      return readHold(await run(RESERVE, [epoch ?? "", id, String(leaseMs), ...scopeArgs], signal));
    },
    async settle({ id, all, scopes }, signal) {
      const args =
        all === null
          ? ["by", ...scopes.flatMap((one) => [one.key, String(one.spent), String(one.presumed), ...endArgs(one)])]
          : ["all", String(all.spent), String(all.presumed)];
      return readSumsReply(await run(SETTLE, [id, ...args], signal));
    },
    sums: async (keys, signal) => readSumsReply(await run(SUMS, keys, signal)),
    async keys({ prefix: start, cursor }, signal) {
      const pattern = `${escapeGlob(`${base}:w:${start}`)}*`;
      const [next, keys] = elementsOf(await run(KEYS, [cursor ?? "0", pattern, String(KEYS_PER_PAGE)], signal));
      return { keys: elementsOf(keys).map(String), cursor: String(next) === "0" ? null : String(next) };
    },
    async writeOff({ key, presumed, actor, reason }, signal) {
      const args = [key, String(presumed), JSON.stringify({ actor, reason })];
      return readSumsReply(await run(WRITE_OFF, args, signal));
    },
    writeOffs: async (limit, signal) =>
      elementsOf(await run(WRITE_OFFS, [String(limit)], signal)).flatMap((text) => readWriteOff(String(text)) ?? []),
    async restore(scopes, signal) {
      const args = scopes.flatMap((one) => [one.key, String(one.spent), String(one.presumed), ...endArgs(one)]);
      return readSumsReply(await run(RESTORE, args, signal));
    },

    async acquire({ key, limit, ttlMs, holder, lease }, signal) {
      const args = [String(limit), String(ttlMs), holder, lease];
      const ahead = Number(await scripts.run(ACQUIRE, limitKey(key), args, signal));
      return ahead === -1 ? { lease } : { waitMs: waitMsOf(ahead, FAST_PACE) };
    },
    renew: async (key, lease, ttlMs, signal) =>
      Number(await scripts.run(RENEW, limitKey(key), [lease, String(ttlMs)], signal)) === 1,
    async release(key, lease, signal) {
      await scripts.run(RELEASE, limitKey(key), [lease], signal);
    },

    async say(fact, signal) {
      const args = [`${fact.code}\n${fact.key}`, String(fact.forMs), toFactMessage(fact), channel];
      await run(SAY, args, signal);
    },
    async facts(signal) {
      return elementsOf(await run(FACTS, [], signal)).flatMap((entry) => {
        const [forMs, json] = elementsOf(entry);
        const fact = parseFactMessage(String(json));
        return fact === null ? [] : [{ ...fact, forMs: Number(forMs) }];
      });
    },
    subscribe({ onFact, onLost }, signal) {
      const onMessage = (message: string): void => {
        const fact = parseFactMessage(message);
        if (fact !== null) onFact(fact);
      };
      return storage.subscribe(channel, { onMessage, onLost }, signal);
    },

    async beat({ processId, ttlMs, settledIn }, signal) {
      const reply = elementsOf(await run(BEAT, [processId, String(ttlMs), settledIn ?? ""], signal));
      const [now, stored, processes, generation, settled] = reply;
      return {
        nowEpochMs: Number(now),
        epoch: String(stored),
        generation: String(generation),
        processes: Number(processes),
        settled: Number(settled),
      };
    },
    keep: async (name, value, signal) => String(await run(KEEP, [name, value], signal)),
    async remember(name, value, signal) {
      await run(REMEMBER, [name, value], signal);
    },
    async remembered(start, signal) {
      const flat = elementsOf(await run(REMEMBERED, [], signal)).map(String);
      return flat.flatMap((name, index) =>
        index % 2 === 0 && name.startsWith(start) ? [[name, flat[index + 1] ?? ""] as const] : [],
      );
    },
    onReconnect: storage.onReconnect,
    // A server answers each call.
    onProgress() {},
    close: () => storage.close(),
  };
}
