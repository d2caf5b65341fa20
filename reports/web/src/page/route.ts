// Where the reader is stands in the address, behind the #, so that a link leads there: "#/story/0?item=12&from=..&to=..".

export interface Route {
  page: string;              // "decision", "story", "sides"
  number: number;            // Which story, which pair.
  with: URLSearchParams;     // What is selected there.
}

export function routeOf(hash: string): Route {
  const [path, query] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page, number] = path.split("/");
  return { page: page || "", number: Number.parseInt(number || "0", 10) || 0, with: new URLSearchParams(query ?? "") };
}

export function hashOf(page: string, number = 0, selected: Record<string, string | number | null> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(selected)) if (value !== null) query.set(name, String(value));
  const text = query.toString();
  return `#/${page}/${number}${text ? `?${text}` : ""}`;
}

/** Replaces the address without a new page in the browser's history: for what changes while one drags. */
export function settle(hash: string): void {
  history.replaceState(null, "", hash);
}
