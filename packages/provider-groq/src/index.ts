export { type GroqOptions, groq } from "./groq.ts";
