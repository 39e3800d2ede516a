// What the browser can say about a file before it is sent. A courtesy: the server looks at the bytes.

export interface FileRules {
  max_bytes: number;
  /** Endings with their dot, such as `.jpg`; none: any. */
  accept: string[];
  words: string;
}

export type FileProblem = "FileEmpty" | "FileTooLarge" | "FileTypeNotAccepted";

export function fileProblem(file: File, rules: FileRules): FileProblem | null {
  if (file.size === 0) return "FileEmpty";
  if (file.size > rules.max_bytes) return "FileTooLarge";
  return hasAcceptedEnding(file.name, rules.accept) ? null : "FileTypeNotAccepted";
}

function hasAcceptedEnding(name: string, accept: string[]): boolean {
  const lower = name.toLowerCase();
  return accept.length === 0 || accept.some((ending) => lower.endsWith(ending.toLowerCase()));
}
