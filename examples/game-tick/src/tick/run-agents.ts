import { fillOrder } from "../answers/fill-order.ts";
import { orderSchema } from "../answers/order.ts";
import { planPrompt, replyPrompt, tradePrompt } from "../prompts/agent-prompts.ts";
import type { Character, Post, World } from "../world/world.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { draw } from "./seeded.ts";
import { present, runStage, type Tick } from "./tick.ts";
import { makeCall, type PlannedCall } from "./tick-calls.ts";
import { type AgentTurn, sourceOf } from "./tick-result.ts";

const AT_ONCE = 8;
const CALLS_PER_AGENT = 3;
const SHORT = { maxOutputTokens: 2_000 };

interface Agent {
  readonly id: string;
  readonly character: Character;
}

/** Agents take their turns, eight at a time; each plans, places an order and replies to somebody, one call after the other. */
export function runAgents(tick: Tick): Promise<AgentTurn[]> {
  const agents = createAgents(tick.world, tick.agents, tick.seed);
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

/** One agent per character, in an order given by the seed; characters are reused if there are more agents than characters. */
export function createAgents(world: World, count: number, seed: number): Agent[] {
  const cast = draw(world.characters, world.characters.length, seed, "agents");
  return Array.from({ length: count }, (_, index) => {
    const character = cast[index % cast.length];
    const round = Math.floor(index / cast.length) + 1;
    return character && { id: round === 1 ? character.id : `${character.id}-${round}`, character };
  }).filter((agent) => agent !== undefined);
}

async function takeTurn(tick: Tick, { id, character }: Agent): Promise<AgentTurn> {
  const { world, llm } = tick;
  const call = (part: string): PlannedCall => {
    return { stage: "agents", key: `${id}.${part}`, what: `${part} of ${character.name}`, agent: id };
  };

  const planned = await makeCall(tick, call("plan"), (options) =>
    llm.generateText({ ...options, ...SHORT, prompt: planPrompt(world, character), temperature: 0.8 }),
  );
  const plan = planned?.text.trim() ?? null;

  const schema = orderSchema(world.questions.map((question) => question.id));
  const traded = await makeCall(tick, call("trade"), (options) =>
    llm.generateObject({ ...options, ...SHORT, schema, prompt: tradePrompt(world, character, plan), temperature: 0.4 }),
  );
  const order = traded?.object ?? null;

  const post = postToAnswer(world, character, id, tick.seed);
  const replied = await makeCall(tick, call("reply"), (options) =>
    llm.generateText({ ...options, ...SHORT, prompt: replyPrompt(world, character, post, plan), temperature: 0.9 }),
  );

  return {
    agent: id,
    character: character.id,
    plan,
    trade: order && { ...order, filledShares: fillOrder(world, character, order) },
    reply: replied && { to: post?.id ?? null, text: replied.text.trim() },
    sources: present([planned, traded, replied]).map(sourceOf),
  };
}

/** A post of another character, selected by the seed. */
function postToAnswer(world: World, character: Character, agent: string, seed: number): Post | undefined {
  const others = world.posts.filter((post) => post.author !== character.id);
  return draw(others, 1, seed, `reply/${agent}`)[0];
}
