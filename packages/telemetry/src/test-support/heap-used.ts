import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes in use after a garbage collection. Waits for a turn of the event loop, so that weak references are cleared. */
export async function heapUsed(): Promise<number> {
  collect();
  await new Promise(setImmediate);
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
