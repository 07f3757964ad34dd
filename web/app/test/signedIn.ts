import { vi } from 'vitest';
import { FakeServer, me, tokenFor } from '../../sdk/test/fakes/fakeServer';
import { pageApi } from '../src/api/page';

/** A server that the page connects to, and a page API that has somebody signed in there. */
export function signedIn(): FakeServer {
  const server = new FakeServer();
  vi.stubGlobal('WebSocket', server.WebSocket);
  vi.spyOn(pageApi, 'init').mockResolvedValue({ loginStatus: true, userId: me, nickName: 'me', avatar: '' });
  vi.spyOn(pageApi, 'imConfig').mockResolvedValue({
    token: tokenFor(me),
    wsImServerAddress: '',
    tcpImServerAddress: '',
    userId: me,
  });
  return server;
}
