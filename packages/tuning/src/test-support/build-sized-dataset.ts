/** Builds a dataset of so many megabytes in a process of its own, and prints what it took as JSON. */
import { buildDataset } from "../dataset/build-dataset.ts";
import { sizedRecords } from "./sized-records.ts";

const before = process.cpuUsage();
await using dataset = await buildDataset(sizedRecords(Number(process.argv[2])), { allowSources: ["wandb"] });
const { user, system } = process.cpuUsage(before);
const bytes = dataset.report.train.bytes + dataset.report.test.bytes;
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ bytes, peakBytes, bytesPerCpuMicro: bytes / (user + system) }));
