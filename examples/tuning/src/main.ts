import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tuneOnSimulator } from "./tune-on-simulator.ts";

const folder = await mkdtemp(join(tmpdir(), "babylon-tune-"));
try {
  await tuneOnSimulator(folder, (line) => console.log(line));
} finally {
  await rm(folder, { recursive: true });
}
