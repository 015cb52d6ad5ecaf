import type { CallRecord } from "@babylon/llm-core";
import { recordOf } from "./simulated-history.ts";

const CALLS = 400;
const HOUR_MS = 3_600_000;
const VILLAGERS = 60;
const MOODS = ["calm", "proud", "worried"] as const;

/** What most townspeople answer, and what a model that was trained with these calls answers on the simulator. */
export const USUAL_ANSWER = '{"mood":"calm"}';

/** What a townsperson is asked. A few name an address or a key, which a dataset masks or leaves out. */
function questionOf(at: number): string {
  const question = `It is hour ${at % 350}. How do you feel about the ${at % 2 === 0 ? "market" : "harbour"}?`;
  if (at % 40 === 7) return `${question} Write to me at villager${at}@town.example.`;
  return at % 80 === 11 ? `${question} The token is sk-proj-${"a1B2c3D4".repeat(6)}.` : question;
}

/** Calls of townspeople with their content, before `now`. Invented: no call was made. */
export function simulatedConversations(now: number, random: () => number): readonly CallRecord[] {
  return Array.from({ length: CALLS }, (_, at) => {
    const record = recordOf(random, now - HOUR_MS - at * 20_000, `townsperson-${at}`);
    const mood = at % 5 === 4 ? MOODS[at % MOODS.length] : "calm";
    return {
      ...record,
      agent: `townsperson-${at % VILLAGERS}`,
      purpose: "mood",
      content: {
        messages: [
          { role: "system", content: "You are a townsperson. Answer with your mood, as JSON." },
          { role: "user", content: questionOf(at) },
        ],
        text: record.outcome === "success" ? `{"mood":"${mood}"}` : null,
        reasoning: null,
        toolCalls: [],
        requests: [],
      },
    };
  });
}
