import type { CallRecord, Clock, Logger, Recorder } from "@babylon/llm-core";
import type { ImportDriver } from "@babylon/storage";
import type { CallsPage, CallsQuery, ReadQuery } from "./calls-query.ts";
import type { EraseRequest, Retention } from "./record-engine.ts";
import type { UsageQuery, UsageRow } from "./usage-query.ts";

/** Records of calls, stored and queried. Queries reject with `LLMError` for input that is not valid, and with `StorageError`. */
export interface RecordStore {
  /** For `recorders` of a client. Returns at once: records are queued, and stored each second. */
  readonly recorder: Recorder;
  /** A path, or a URL without credentials. */
  readonly location: string;
  /** Figures by period and group. */
  usage(query: UsageQuery): Promise<readonly UsageRow[]>;
  /** A page of the log, newest calls first. */
  calls(query: CallsQuery): Promise<CallsPage>;
  /**
   * One call with its attempts, and its content if that is stored; `null` if there is none. Durations are kept to the microsecond. The attempts have
   * no `responseFormat`: its schema is a part of the prompt, which `content.requests` has.
   *
   * @param startedAt - `startedAt` of its summary: the call is found at once, however many there are
   */
  call(callId: string, startedAt?: number): Promise<CallRecord | null>;
  /**
   * All calls as `call()` returns them, newest first, in pages that are read when they are needed: memory holds one page. Default: every call that is
   * stored.
   */
  read(query?: ReadQuery): AsyncIterable<CallRecord>;
  /**
   * Removes the calls of a tenant, or one call, with their content. Sums stay, those of the tenant under the name `(erased)`. Returns the number
   * of removed calls. Rejects while records wait in files for the engine.
   */
  erase(request: EraseRequest): Promise<number>;
  /** Removes what is older than its retention. Happens by itself each hour, in one process at a time. */
  prune(): Promise<void>;
  /** Resolves when the records so far are stored, or in files if the engine is away. */
  flush(): Promise<void>;
  /** Flushes and closes. Records that arrive later are dropped. */
  close(): Promise<void>;
  /** Number of records that were lost. */
  readonly dropped: number;
  /** Number of records that wait in files for the engine. */
  readonly spilled: number;
}

/** Options of `openRecordStore`. */
export interface RecordStoreOptions extends Partial<Retention> {
  /**
   * `sqlite://path`, `sqlite://:memory:`, `jsonl://folder`, `postgres://host/database`, `clickhouse+https://host/database` or
   * `clickhouse+http://host/database`. A relative path is one below the working directory.
   */
  readonly url: string;
  /** The option or variable that the URL is from, for errors. Default `url`. */
  readonly at?: string | undefined;
  /**
   * The folder for records while the engine is away; `null`: they wait in memory, and the oldest are dropped. Default: beside the file or the
   * folder of the records, with `.spill` at its end; of a server `babylon-records-*.spill` in the working directory.
   */
  readonly spillFolder?: string | null | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /**
   * Only queries: nothing is created, written or pruned. For programs that read the records of others, whose retention they do not know.
   * Default: false.
   */
  readonly readOnly?: boolean | undefined;
  /** How the driver `pg` is imported. Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
  /** For ClickHouse. Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}
