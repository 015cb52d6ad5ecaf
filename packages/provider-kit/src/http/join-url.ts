/** Appends a path to a base URL. The query of the base URL, such as `?api-version=…`, stays at the end. */
export function joinURL(baseURL: string, path: string): string {
  const query = baseURL.indexOf("?");
  if (query === -1) return `${baseURL.replace(/\/+$/, "")}${path}`;
  return `${baseURL.slice(0, query).replace(/\/+$/, "")}${path}${baseURL.slice(query)}`;
}
