import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { inflateSync } from "node:zlib";

const OUTSIDE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** The internal link targets of an HTML page: paths and anchors, decoded. */
function targets(html: string): string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, target = ""]) => decodeURIComponent(target.replaceAll("&amp;", "&")))
    .filter((target) => target !== "" && !OUTSIDE.test(target));
}

/** The broken links of a built site: missing files or anchors. */
export function brokenLinks(site: string): string[] {
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));
  const html = new Map(pages.map((page) => [join(site, page), readFileSync(join(site, page), "utf8")]));
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (page: string): ReadonlySet<string> => {
    const known = anchors.get(page);
    if (known !== undefined) return known;
    const found = new Set([...(html.get(page) ?? "").matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => id));
    anchors.set(page, found);
    return found;
  };
  const broken: string[] = [];
  for (const [page, content] of html) {
    for (const target of targets(content)) {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : join(dirname(page), path.replace(/\?.*$/, ""));
      const there = existsSync(file) && statSync(file).isFile();
      const found = there && (anchor === undefined || anchor === "" || !html.has(file) || anchorsOf(file).has(anchor));
      if (!found) broken.push(`${relative(site, page)}: ${target}`);
    }
  }
  return broken;
}

/** The names that are missing in the search index of the site. */
export function notSearchable(site: string, names: readonly string[]): string[] {
  const [, packed = ""] = /"([^"]+)"/.exec(readFileSync(join(site, "assets", "search.js"), "utf8")) ?? [];
  const index = inflateSync(Buffer.from(packed, "base64")).toString();
  return names.filter((name) => !index.includes(JSON.stringify(name)));
}
