/** A process with one contestant, which runs the received tasks. */
import { CONTESTANTS, type ContestantName } from "../contestants/contestants.ts";
import { doTask, type Task } from "./task.ts";

const name = process.argv[2] as ContestantName;
const make = await CONTESTANTS[name]();
const made = new Map<string, ReturnType<typeof make>>();

process.on("message", async (task: Task) => {
  try {
    const key = JSON.stringify(task.target);
    const contestant = made.get(key) ?? make(task.target);
    made.set(key, contestant);
    process.send?.({ figure: await doTask(await contestant, task) });
  } catch (thrown) {
    process.send?.({ error: String(thrown) });
  }
});
process.send?.({ ready: true });
