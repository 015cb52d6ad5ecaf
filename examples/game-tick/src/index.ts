export type { Decision, Order, ReasonedOrder } from "./answers/order.ts";
export { executeGameTick, type GameTickOptions } from "./tick/execute-game-tick.ts";
export type { LostCall, Stage, TickEvent } from "./tick/tick-event.ts";
export type { TickLLM } from "./tick/tick-llm.ts";
export type {
  AgentTurn,
  Filled,
  Source,
  TickArticle,
  TickPost,
  TickQuestion,
  TickResult,
} from "./tick/tick-result.ts";
export { loadWorld } from "./world/load-world.ts";
export type { Character, Position, Post, Question, Setting, World } from "./world/world.ts";
