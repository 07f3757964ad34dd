// Rooms on uWebSockets as Bun has it, by its own means: a room is a topic, its members subscribe. It speaks as much of
// the JSON dialect as the load test needs, and neither checks nor stores anything.

const LOGIN = 1001;
const MESSAGE = 1003;
const RECEIPT = 1006;
const JOIN = 1009;

const APP_ID = 10001;
const SOME_SENDER = 1_000_000;

const seqs = new Map();

const frame = (code, body) => JSON.stringify({ code, body });

function nextSeq(roomId) {
  const seq = (seqs.get(roomId) ?? 0) + 1;
  seqs.set(roomId, seq);
  return seq;
}

// The members of a MESSAGE of Sailfish, and so about its size.
function send(ws, { bizCode, clientMsgId, data }) {
  const { roomId } = JSON.parse(data);
  const seq = nextSeq(roomId);
  const conversation = `r:${roomId}`;
  const msgId = `${roomId}-${seq}`;
  ws.send(frame(RECEIPT, { clientMsgId, seq }));
  const message = { appId: APP_ID, bizCode, msgId, conversation, seq, time: Date.now(), senderId: SOME_SENDER, data };
  // To all who subscribe but the sender, as a room does; server.publish would send it back to the sender too.
  ws.publish(conversation, frame(MESSAGE, message));
}

function take(ws, code, body) {
  switch (code) {
    case LOGIN:
      ws.send(frame(LOGIN, { appId: APP_ID, userId: body.userId, data: 'true' }));
      break;
    case JOIN:
      ws.subscribe(`r:${body.roomId}`);
      ws.send(frame(JOIN, { roomId: body.roomId }));
      break;
    case MESSAGE:
      send(ws, body);
      break;
    default:
      ws.send(frame(code, { data: 'true' }));
  }
}

const { port } = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  development: false,
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null, { status: 400 })),
  websocket: {
    message(ws, text) {
      const { code, body } = JSON.parse(text);
      take(ws, code, body);
    },
  },
});

// As the server says it.
console.log(`listening tcp 127.0.0.1:${port} websocket 127.0.0.1:${port} http 127.0.0.1:${port}`);
