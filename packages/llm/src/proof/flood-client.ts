/**
 * The memory test, run in its own process: one call to a server with the `flood` fault. It takes the server's address and the kind
 * of the call from the command line, and prints the growth of memory and the error code.
 */
import { createLLMClient, isLLMError } from "@babylon/llm-core";
import { groq } from "@babylon/provider-groq";

const [baseURL = "", transport = "stream"] = process.argv.slice(2);
const provider = groq({ baseURL, apiKey: "k-123" });
const llm = createLLMClient({ providers: [provider], env: {}, retry: { maxRetries: 0 } });

let peak = 0;
const sample = (): void => {
  peak = Math.max(peak, process.memoryUsage().rss);
};

// The SDK, and what a call needs, are loaded before anything is measured.
await fetch(baseURL).then((response) => response.text());
await llm.listModels("groq").catch(() => {});
sample();
const before = peak;
const timer = setInterval(sample, 5);
let code = "served";
try {
  if (transport === "list") await llm.listModels("groq");
  else await llm.generateText({ prompt: "?", transport: transport === "json" ? "json" : "stream" });
} catch (thrown) {
  code = isLLMError(thrown) ? thrown.code : String(thrown);
}
sample();
clearInterval(timer);
await llm.close();
console.log(JSON.stringify({ code, growth: peak - before }));
