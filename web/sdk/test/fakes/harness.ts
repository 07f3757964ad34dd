import { vi } from 'vitest';
import {
  SailfishClient,
  type SailfishClientOptions,
  type SailfishError,
  type SailfishEvents,
  type SailfishMessage,
} from '../../src/index.js';
import { FakeServer, me, tokenFor } from './fakeServer.js';

/** A client, its server, and what the client told. */
export class Harness {
  readonly server = new FakeServer();
  readonly messages: SailfishMessage[] = [];
  readonly states: string[] = [];
  readonly gaps: SailfishEvents['gap'][] = [];
  readonly errors: SailfishError[] = [];
  readonly client: SailfishClient;
  tokens = 0;

  constructor(options: Partial<SailfishClientOptions> = {}) {
    this.client = new SailfishClient({
      url: 'ws://server/ws',
      WebSocket: this.server.WebSocket,
      token: () => {
        this.tokens++;
        return tokenFor(me);
      },
      ...options,
    });
    this.client.on('message', (message) => this.messages.push(message));
    this.client.on('state', ({ state, reason }) => this.states.push(reason ? `${state}:${reason}` : state));
    this.client.on('gap', (gap) => this.gaps.push(gap));
    this.client.on('error', (error) => this.errors.push(error));
  }

  get contents(): (string | null)[] {
    return this.messages.map((message) => message.content);
  }

  async connect(): Promise<void> {
    const connected = this.client.connect();
    connected.catch(() => {});
    await this.pass(20);
    await connected;
  }

  /** Lets time go by. */
  async pass(ms = 10): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }
}
