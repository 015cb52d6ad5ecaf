import type { TextResult } from "@babylon/llm-core";
import { limitTrade } from "../answers/limit-trade.ts";
import { parseTrade, type Trade } from "../answers/parse-trade.ts";
import { planPrompt, replyPrompt, tradePrompt } from "../prompts/agent-prompts.ts";
import type { Character, Post, World } from "../world/world.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { draw } from "./seeded.ts";
import { present, runStage, type Tick } from "./tick.ts";
import { makeCall } from "./tick-calls.ts";
import { type AgentTurn, sourceOf } from "./tick-result.ts";

const AT_ONCE = 8;
const CALLS_PER_AGENT = 3;

interface Agent {
  readonly id: string;
  readonly character: Character;
}

/** Agents take their turns, eight at a time; each plans, makes out a slip and replies to somebody, one call after the other. */
export function runAgents(tick: Tick): Promise<AgentTurn[]> {
  const agents = castAgents(tick.world, tick.agents, tick.seed);
  return runStage(
    tick,
    {
      stage: "agents",
      calls: agents.length * CALLS_PER_AGENT,
      what: `${agents.length} agents, ${CALLS_PER_AGENT} calls each, ${AT_ONCE} at a time`,
    },
    () => mapConcurrently(agents, AT_ONCE, (agent) => takeTurn(tick, agent)),
  );
}

/** One agent a character, in an order of the seed; when there are more agents than characters, the city goes round again. */
export function castAgents(world: World, count: number, seed: number): Agent[] {
  const cast = draw(world.characters, world.characters.length, seed, "agents");
  return Array.from({ length: count }, (_, index) => {
    const character = cast[index % cast.length];
    const round = Math.floor(index / cast.length) + 1;
    return character && { id: round === 1 ? character.id : `${character.id}-${round}`, character };
  }).filter((agent) => agent !== undefined);
}

async function takeTurn(tick: Tick, { id, character }: Agent): Promise<AgentTurn> {
  const { world } = tick;
  const ask = (part: string, prompt: string, temperature: number): Promise<TextResult | null> =>
    makeCall(
      tick,
      { stage: "agents", key: `${id}.${part}`, what: `${part} of ${character.name}`, agent: id },
      (options) => tick.llm.generateText({ ...options, prompt, temperature, maxOutputTokens: 800 }),
    );

  const planned = await ask("plan", planPrompt(world, character), 0.8);
  const plan = planned?.text.trim() ?? null;
  const traded = await ask("trade", tradePrompt(world, character, plan), 0.4);
  const post = postToAnswer(world, character, id, tick.seed);
  const question = world.questions.find((one) => one.id === post?.question);
  const replied =
    post && question ? await ask("reply", replyPrompt(world, character, post, question, plan), 0.9) : null;

  return {
    agent: id,
    character: character.id,
    plan,
    trade: traded && { slip: traded.text.trim(), filled: fillSlip(world, character, traded.text) },
    reply: replied && post ? { to: post.id, text: replied.text.trim() } : null,
    sources: present([planned, traded, replied]).map(sourceOf),
  };
}

/** One of the posts of others, by the seed. */
function postToAnswer(world: World, character: Character, agent: string, seed: number): Post | undefined {
  return draw(
    world.posts.filter((post) => post.author !== character.id),
    1,
    seed,
    `reply/${agent}`,
  )[0];
}

function fillSlip(world: World, character: Character, slip: string): Trade | null {
  const trade = parseTrade(slip, new Set(world.questions.map((question) => question.id)));
  if (trade === null || trade.action === "hold") return trade;
  const question = world.questions.find((one) => one.id === trade.question);
  return question === undefined ? null : limitTrade(character, question, trade);
}
