/**
 * What the test of memory runs in a process of its own: one call to a server that floods. It takes the server's address and the kind
 * of the call from the command line, and prints how far the memory of the process rose, and the code of the error.
 */
import { createLLMClient, isLLMError } from "@babylon/llm-core";
import { groq } from "@babylon/provider-groq";

const [baseURL = "", transport = "stream"] = process.argv.slice(2);
const provider = groq({ baseURL, apiKey: "k-123" });
const llm = createLLMClient({ providers: [provider], env: {}, retry: { maxRetries: 0 } });

let peak = 0;
const look = (): void => {
  peak = Math.max(peak, process.memoryUsage().rss);
};

// The SDK, and what a call needs, are loaded before anything is measured.
await fetch(baseURL).then((response) => response.text());
await llm.listModels("groq").catch(() => {});
look();
const before = peak;
const timer = setInterval(look, 5);
let code = "served";
try {
  if (transport === "list") await llm.listModels("groq");
  else await llm.generateText({ prompt: "?", transport: transport === "json" ? "json" : "stream" });
} catch (thrown) {
  code = isLLMError(thrown) ? thrown.code : String(thrown);
}
look();
clearInterval(timer);
await llm.close();
console.log(JSON.stringify({ code, growth: peak - before }));
