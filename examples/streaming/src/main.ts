import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";

// The simulator's W&B drops the connection in the middle of each answer, so that a restart is to be seen.
const { env, firstLine, close } = await keysOrSimulator(process.env, [
  { provider: "wandb", fault: { kind: "reset", when: "mid-stream" } },
]);
console.log(firstLine);

const llm = await createBabylonLLM({ env, settings: {}, retry: { maxRetries: 0 } });

// Nothing is sent before the first event is asked for. Leaving the loop closes the socket.
await using stream = llm.streamText({ prompt: "Tell a story of three sentences.", onInterrupted: "restart" });
for await (const event of stream) {
  switch (event.type) {
    case "text":
      process.stdout.write(event.text);
      break;
    case "restart":
      // What was shown is void. With "throw" (the default) the stream would fail here; with "continue" the next link goes on.
      console.log(`\n[${event.from.provider} broke off after ${event.discardedText.length} characters]`);
      console.log(`[${event.to.provider} starts again]`);
      break;
    case "finish":
      console.log(`\n${event.result.provider}, first word after ${Math.round(event.result.firstTokenMs ?? 0)} ms`);
  }
}

await llm.close();
await close();
