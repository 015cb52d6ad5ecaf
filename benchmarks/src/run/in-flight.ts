/** Makes parallel calls and prints the peak of memory in MB. Arguments: the contestant, the URL, the number of calls. */
import { CONTESTANTS, type ContestantName } from "../contestants/contestants.ts";
import { ANSWER } from "../mock/wire.ts";

const [, , name, url = "", count] = process.argv;
const make = await CONTESTANTS[name as ContestantName]();
const contestant = await make({ url });
const answers = await Promise.all(Array.from({ length: Number(count) }, () => contestant.json()));
if (answers.some((text) => text !== ANSWER)) throw new Error("a wrong answer");
process.stdout.write(String(process.resourceUsage().maxRSS / 1_024));
