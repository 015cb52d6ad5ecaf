/** The output of `--help`. */
export const HELP = `One tick of a prediction-market game: 64 characters of the harbour city of Tidewick post, bet, write the news and
open new questions, with four language-model providers in one fallback chain.

Usage: npx -y pnpm@10 tick [options]

  --agents <n>        how many agents take a turn, 3 calls each (default 20, at most 1000)
  --seed <n>          selects authors, topics and agents; with the simulator also
                      answers and failing calls (default 1)
  --budget <seconds>  time limit of the tick and of every call in it (default 180)
  --budget-usd <usd>  what the calls of the tick may cost; calls above it are refused before they are sent
  --fault <list>      inject faults into the simulator, for example wandb=503,groq=hang
                      an HTTP status from 300 to 599, or one of
                        hang      never answers              slow         the first part is late
                        stall     stops in the middle        reset        drops the connection
                        truncate  ends without end marker    malformed    sends invalid events
                        html      sends a web page           empty        sends no content
                        error     an error with status 200   wrong-shape  does not fit the schema
  --settings <url>    settings store: sqlite://path, redis://..., postgres://..., memory://
                      (default: BABYLON_SETTINGS_URL, else data/babylon.db in the directory of the example)
  --records <file>    write a record of each call to this SQLite file, for babylon-llm usage and calls, or "none"
                      (default: BABYLON_RECORDS_URL, else data/records.db in the directory of the example)
  --experiment        half of the agents get Groq first, and the report says which half is better;
                      uses the simulator, 160 agents and settings of its own (default: no experiment)
  --simulator         use the simulator even if keys are set
  --json              print one JSON object at the end; progress goes to standard error
  -h, --help          print this help

Keys come from the environment or from .env in the current directory: WANDB_API_KEY, GROQ_API_KEY,
ANTHROPIC_API_KEY, OPENAI_API_KEY. With none of them, the tick runs against a local simulator of all four providers,
in which one in five W&B calls fails to show fallbacks. This is free of charge.

Exit code: 0 if every call was served, 1 if a call was lost, 2 if the options are invalid, 130 after Ctrl-C.
`;
