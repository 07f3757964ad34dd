/** What a text says; null where it is no JSON. */
export function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

/** The members of what a text says; none where it is no object. */
export function membersOf(text: string | null): Readonly<Record<string, unknown>> {
  const found = parseJson(text);
  return typeof found === 'object' && found !== null ? { ...found } : {};
}
