import { createBabylonLLM } from "@babylon/llm";

// The driver is looked up when the program runs.
createBabylonLLM().catch((error) => console.log(error.message));
