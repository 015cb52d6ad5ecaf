/** What `--help` prints. */
export const HELP = `One tick of a prediction-market game: 64 characters of the harbour city of Tidewick post, bet, write the news and
open new questions, by way of four language-model providers in one fallback chain.

Usage: npx -y pnpm@10 tick [options]

  --agents <n>        how many agents take a turn, 3 calls each (default 20, at most 1000)
  --seed <n>          who posts, what is reported on and which agents act; against the simulator also
                      what is answered and which calls fail (default 1)
  --budget <seconds>  how long the tick may take; every call ends by then (default 180)
  --fault <list>      break providers of the simulator, for example wandb=503,groq=hang
                      an HTTP status from 300 to 599, or one of
                        hang      never answers              slow         the first word comes late
                        stall     stops in the middle        reset        drops the connection
                        truncate  ends without an end        malformed    sends broken events
                        html      sends a web page           empty        sends nothing
                        error     an error as a success      wrong-shape  not the shape that was asked for
  --settings <url>    where the settings are stored: sqlite://path, redis://..., postgres://..., memory://
                      (default: BABYLON_SETTINGS_URL, else data/babylon.db in the directory of the example)
  --simulator         use the simulator although there are keys
  --json              print one JSON object at the end; progress goes to standard error
  -h, --help          print this

Keys come from the environment or from .env in the current directory: WANDB_API_KEY, GROQ_API_KEY,
ANTHROPIC_API_KEY, OPENAI_API_KEY. With none of them, the tick runs against a simulator of all four on this machine,
in which one in five W&B calls fails so that the fallback is seen. That costs nothing.

Exit code: 0 when every call was served, 1 when one was lost, 2 when the options are wrong, 130 after Ctrl-C.
`;
