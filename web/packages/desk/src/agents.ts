import { Emitter, type Client } from "@vestibule/client";

export interface Agent {
  identity: string;
  friendly_name: string;
  is_online: boolean;
}

/** Who else answers here. */
export class Agents extends Emitter<{ changed: [] }> {
  list: Agent[] = [];
  #client: Client;

  constructor(client: Client) {
    super();
    this.#client = client;
  }

  async load(): Promise<void> {
    this.list = (await this.#client.http.get<{ agents: Agent[] }>("/v1/agents")).agents;
    this.emit("changed");
  }

  has(identity: string): boolean {
    return this.list.some((agent) => agent.identity === identity);
  }

  nameOf(identity: string): string {
    return this.list.find((agent) => agent.identity === identity)?.friendly_name || identity;
  }

  /** All but oneself; who is at the desk first. */
  get others(): Agent[] {
    const name = (agent: Agent) => agent.friendly_name || agent.identity;
    return this.list
      .filter((agent) => agent.identity !== this.#client.identity)
      .sort((a, b) => Number(b.is_online) - Number(a.is_online) || name(a).localeCompare(name(b)));
  }
}
