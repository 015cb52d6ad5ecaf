/**
 * Builds a dataset in a process of its own, and prints what it took as JSON: of so many megabytes of records that are made while they are read, or
 * of the records of a store: `node build-sized-dataset.ts MEGABYTES|URL`.
 */
import { openRecordStore } from "@babylon/record-store";
import { buildDataset } from "../dataset/build-dataset.ts";
import { sizedRecords } from "./sized-records.ts";

const [source = ""] = process.argv.slice(2);
const before = process.cpuUsage();
const store = source.includes("://") ? await openRecordStore({ url: source, readOnly: true }) : null;
await using dataset = await buildDataset(store ?? sizedRecords(Number(source)), { allowSources: ["wandb"] });
const { user, system } = process.cpuUsage(before);
const bytes = dataset.report.train.bytes + dataset.report.test.bytes;
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ bytes, peakBytes, bytesPerCpuMicro: bytes / (user + system) }));
await store?.close();
