import { questionAnswerSchema } from "../answers/question-answer.ts";
import { questionPrompt } from "../prompts/question-prompt.ts";
import { runStage, type Tick } from "./tick.ts";
import { makeCall } from "./tick-calls.ts";
import { sourceOf, type TickQuestion } from "./tick-result.ts";

const QUESTIONS = 3;

/** Opens three questions in sequence, because each must differ from the previous ones. */
export function openQuestions(tick: Tick): Promise<TickQuestion[]> {
  return runStage(
    tick,
    { stage: "questions", calls: QUESTIONS, what: `${QUESTIONS} new questions, one by one` },
    async () => {
      const opened: TickQuestion[] = [];
      for (let number = 1; number <= QUESTIONS; number += 1) {
        const call = { stage: "questions", key: String(number), what: `new question ${number}` } as const;
        const result = await makeCall(tick, call, (options) =>
          tick.llm.generateObject({
            ...options,
            schema: questionAnswerSchema(tick.world.setting.week),
            prompt: questionPrompt(
              tick.world,
              opened.map((one) => one.question),
            ),
            temperature: 0.8,
            maxOutputTokens: 2_000,
          }),
        );
        if (result !== null) opened.push({ ...result.object, source: sourceOf(result) });
      }
      return opened;
    },
  );
}
