// Two users talk through the built package on plain Node; says as JSON what they got. Run by the integration tests:
//   node talk.mjs ws://host:port/ws TOKEN_OF_ONE TOKEN_OF_OTHER ROOM
import { BizCode, SailfishClient, SailfishError } from '@sailfish/sdk';
import { WebSocket } from 'ws';

const [url, oneToken, otherToken, room] = process.argv.slice(2);
const roomId = Number(room);

async function open(token) {
  // From Node 22 on the built-in one is used.
  const client = new SailfishClient({ url, token: () => token, ...(globalThis.WebSocket ? {} : { WebSocket }) });
  const got = [];
  client.on('message', (message) => got.push(message.content));
  await client.connect();
  return { client, got };
}

const one = await open(oneToken);
const first = await one.client.send(await userOf(otherToken), 'before you came 你好', { clientMsgId: 'a' });
const again = await one.client.send(await userOf(otherToken), 'before you came 你好', { clientMsgId: 'a' });
const other = await open(otherToken);
await other.client.catchUp();
await other.client.send(one.client.userId, 'I am here');
for (const { client } of [one, other]) await client.join(roomId, { history: 10 });
await one.client.sendToRoom(roomId, 'hello, all');
await other.client.sendData(BizCode.chat, { content: 'hello, one', roomId });
for (const { client } of [one, other]) await client.catchUp();
const history = await other.client.history(one.client.userId);
const refused = await one.client.sendToRoom(roomId + 1, 'not joined').catch((cause) => cause);
const report = {
  node: process.versions.node,
  one: one.got,
  other: other.got,
  sameReceipt: first.msgId === again.msgId,
  history: history.messages.map((message) => `${message.seq} ${message.content}`),
  more: history.more,
  refused: refused instanceof SailfishError ? refused.error : String(refused),
};
await Promise.all([one.client.close(), other.client.close()]);
console.log(JSON.stringify(report));

async function userOf(token) {
  return Number(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sub);
}
