/** Writes docs/licences.md from the installed packages. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { licencePage, listLicences } from "./list-licences.ts";
import { ROOT } from "./workspace.ts";

writeFileSync(join(ROOT, "docs", "licences.md"), licencePage(listLicences()));
