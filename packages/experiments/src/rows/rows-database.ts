import type { RowBatch } from "./experiment-rows.ts";
import type { Statement, Values } from "./sums-sql.ts";

/** A database with the tables of experiments. */
export interface RowsDatabase {
  readonly location: string;
  readonly hashSecret: string;
  /** Runs a statement that reads. */
  read(statement: Statement): Promise<Values>;
  /** Runs a statement that writes and returns its rows. */
  write(statement: Statement): Promise<Values>;
  /** Adds rows in one transaction; those that exist are ignored. */
  add(batch: RowBatch): Promise<void>;
  /** Removes the copies that the engine keeps of pages whose rows were removed. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
