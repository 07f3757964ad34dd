import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SailfishClient } from '../src/index.js';
import { decodeFrame, encodeFrame, FrameCode } from '../src/wire/frames.js';
import { me, tokenFor } from './fakes/fakeServer.js';

/** Node 20 has no WebSocket of its own: that of the ws package fits, in its types too. */
it('talks through the WebSocket of the ws package', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { code } = decodeFrame(String(data));
      if (code === FrameCode.login) socket.send(encodeFrame(code, { userId: me, heartbeatSeconds: 30 }));
      else if (code === FrameCode.sync) socket.send(encodeFrame(code, { messages: [], more: false }));
      else if (code === FrameCode.logout) socket.close();
    }),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new SailfishClient({ url: `ws://127.0.0.1:${port}/ws`, token: () => tokenFor(me), WebSocket });
  await client.connect();
  await client.catchUp();
  expect([client.state, client.userId]).toEqual(['online', me]);
  await client.close();
  expect(client.state).toBe('closed');
  server.close();
});
