import { ChatError, offline } from "./errors";
import type { WireError } from "./wire";

export interface HttpOptions {
  origin: string;
  /** The AccessToken at the time of asking; null: none, the desk's cookie speaks. */
  token?: () => string | null;
  /** For requests that carry the desk's cookie. */
  csrf?: () => string | null;
  credentials?: RequestCredentials;
  fetch?: typeof fetch;
}

/** JSON requests to one server. Raises `ChatError`, of status 0 when no answer came. */
export class Http {
  readonly origin: string;
  #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.origin = options.origin.replace(/\/$/, "");
    this.#options = options;
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>("GET", path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.request<T>("POST", path, body);
  }

  delete(path: string): Promise<undefined> {
    return this.request<undefined>("DELETE", path);
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { fetch: ask = globalThis.fetch.bind(globalThis), credentials = "omit" } = this.#options;
    const init: RequestInit = { method, credentials, headers: this.headers(method), cache: "no-store" };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      (init.headers as Record<string, string>)["Content-Type"] = "application/json";
    }
    const response = await ask(this.url(path), init).catch(() => {
      throw offline();
    });
    return answer<T>(response);
  }

  /** Absolute, whatever the server gave: a path of its own or another origin's address. */
  url(path: string): string {
    return path.startsWith("/") ? this.origin + path : path;
  }

  headers(method = "GET"): Record<string, string> {
    const headers: Record<string, string> = {};
    const token = this.#options.token?.();
    const csrf = this.#options.csrf?.();
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
    return headers;
  }
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text().catch(() => "");
  if (response.ok) return (text ? JSON.parse(text) : undefined) as T;
  throw errorFrom(response.status, text);
}

/** An error's body if it is ours; a proxy's page is not shown to anybody. */
export function errorFrom(status: number, text: string): ChatError {
  try {
    const body = JSON.parse(text) as WireError;
    if (typeof body.message === "string") return new ChatError({ ...body, status });
  } catch {
    // Not JSON: say what the status says.
  }
  return new ChatError({ status, reason: "http", message: `The server answered ${status}.` });
}
