export { type DriverPackage, type ImportDriver, importDriver } from "./import-driver.ts";
export { makeFolder } from "./make-folder.ts";
export type { Subscription, SubscriptionListener } from "./open-subscription.ts";
export {
  type PostgresUrl,
  parseStorageUrl,
  type RedisUrl,
  type SqliteUrl,
  type StorageUrl,
} from "./parse-storage-url.ts";
export {
  openPostgres,
  type PostgresOptions,
  type PostgresStorage,
  type QueryPostgres,
} from "./postgres/open-postgres.ts";
export { quoteIdentifier } from "./quote-identifier.ts";
export {
  openRedis,
  type RedisOptions,
  type RedisStorage,
  redisFromClient,
  redisFromCluster,
} from "./redis/open-redis.ts";
export {
  isRedisClient,
  type RedisClient,
  type RedisClientOptions,
  type RedisScriptInput,
} from "./redis/redis-client.ts";
export { isRedisCluster, type RedisCluster, type RedisClusterNode } from "./redis/redis-cluster.ts";
export { inTransaction } from "./sqlite/in-transaction.ts";
export type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from "./sqlite/node-sqlite.ts";
export { openSqlite, type SqliteStorage } from "./sqlite/open-sqlite.ts";
export { isBusy } from "./sqlite/sqlite-errors.ts";
export type { SqliteOptions } from "./sqlite/sqlite-options.ts";
export type { DatabaseWatch } from "./sqlite/watch-database.ts";
export type { StorageCallOptions } from "./storage-call-options.ts";
export { messageOf, StorageError, type StorageErrorCode, type StorageErrorInit } from "./storage-error.ts";
