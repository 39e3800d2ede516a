// What the palette offers, and how what one types finds it.

export interface Command {
  id: string;
  label: string;
  /** Words by which it is found too, that are not shown. */
  also?: string;
  group: string;
  icon: string;
  keys?: string[];
  run: () => void;
}

const SHOWN = 50;

/** The commands that have every word of `query`; those whose label begins with it come first. */
export function matching(commands: Command[], query: string): Command[] {
  const wanted = plain(query);
  const words = wanted.split(/\s+/).filter(Boolean);
  const fits = (command: Command) => words.every((word) => plain(`${command.label} ${command.also ?? ""}`).includes(word));
  const begins = (command: Command) => Number(plain(command.label).startsWith(wanted));
  return commands
    .filter(fits)
    .sort((a, b) => begins(b) - begins(a))
    .slice(0, SHOWN);
}

// Without accents and case: "jose" finds "José".
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase().trim();
}

/** The groups in the order in which their first command stands. */
export function grouped(commands: Command[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}
