// node-media-server as a server of video, by its own means: RTMP in, FLV out over HTTP and WebSockets. Nothing is recorded.

import { connect, createServer } from 'node:net';
import NodeMediaServer from 'node-media-server';

const HOST = '127.0.0.1';
const PAUSE = 50;

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, HOST, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const isListening = (port) =>
  new Promise((resolve) => {
    const probe = connect(port, HOST, () => probe.end(() => resolve(true))).on('error', () => resolve(false));
  });

async function waitFor(port) {
  while (!(await isListening(port))) await new Promise((resolve) => setTimeout(resolve, PAUSE));
}

const [rtmp, http] = [await freePort(), await freePort()];
// Its log has a line for each viewer, which nobody reads here.
console.log = () => {};
await new NodeMediaServer({
  bind: HOST,
  rtmp: { port: rtmp },
  http: { port: http },
  auth: { play: false, publish: false },
  store: { path: './store' },
}).run();
await Promise.all([waitFor(rtmp), waitFor(http)]);

// As the server says it.
process.stdout.write(`listening tcp ${HOST}:${http} websocket ${HOST}:${http} http ${HOST}:${http} rtmp ${HOST}:${rtmp}\n`);
