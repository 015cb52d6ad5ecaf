import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";

// The simulated W&B drops the connection in the middle of each answer, to show a restart.
const { env, firstLine, close } = await keysOrSimulator(process.env, [
  { provider: "wandb", fault: { kind: "reset", when: "mid-stream" } },
]);
console.log(firstLine);

const llm = await createBabylonLLM({ env, settings: {}, retry: { maxRetries: 0 } });

// The stream is lazy: the request is sent at the first read. Leaving the loop closes the socket.
await using stream = llm.streamText({ prompt: "Tell a story of three sentences.", onInterrupted: "restart" });
for await (const event of stream) {
  switch (event.type) {
    case "text":
      process.stdout.write(event.text);
      break;
    case "restart":
      // The emitted text is void. With "throw" (the default) the stream would fail here; with "continue" the next link continues it.
      console.log(`\n[${event.from.provider} broke off after ${event.discardedText.length} characters]`);
      console.log(`[${event.to.provider} restarts the answer]`);
      break;
    case "finish":
      console.log(`\n${event.result.provider}, first word after ${Math.round(event.result.firstTokenMs ?? 0)} ms`);
  }
}

await llm.close();
await close();
