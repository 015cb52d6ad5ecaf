import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./workspace.ts";

const pages = globSync(["*.md", "docs/*.md", "docs/{guide,decisions}/*.md", "{packages,examples}/*/*.md"], {
  cwd: ROOT,
});

/** Anchors of a page, as GitHub and typedoc create them from headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The links of a page to files of the repository, without code blocks. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, "");
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/\s(?:href|src)="([^"]+)"/g)];
  return links.map(([, target = ""]) => decodeURI(target)).filter((target) => !/^[a-z]+:/.test(target));
}

describe("links between the pages of the repository", () => {
  it("are found", () => {
    expect(pages.flatMap((page) => linksOf(readFileSync(join(ROOT, page), "utf8"))).length).toBeGreaterThan(20);
  });

  it.each(pages)("%s", (page) => {
    const markdown = readFileSync(join(ROOT, page), "utf8");
    const broken = linksOf(markdown).filter((link) => {
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && file.endsWith(".md") && !anchorsOf(readFileSync(file, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
