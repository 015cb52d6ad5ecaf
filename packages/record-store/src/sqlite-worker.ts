import { parentPort, workerData } from "node:worker_threads";
import { serveSqliteEngine } from "./sqlite/serve-sqlite-engine.ts";

// The only file of this package with an effect: it is started as a worker, never imported.
if (parentPort !== null) void serveSqliteEngine(parentPort, workerData);
