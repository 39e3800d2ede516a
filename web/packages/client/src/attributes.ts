export type Attributes = Record<string, unknown>;

/** The object that `text` holds; an empty one for anything else, so that readers need not ask. */
export function parseAttributes(text: string | null | undefined): Attributes {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Attributes) : {};
  } catch {
    return {};
  }
}
