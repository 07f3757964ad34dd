using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;
using Sailfish.Server.Transports;

namespace Sailfish.IntegrationTests.Living;

/// <summary>A session of an account without a socket: what is sent to it stands in a pipe.</summary>
internal static class PipeSession
{
    private static long _connections;

    public static Session New(long appId, long userId)
    {
        var pipe = new Pipe();
        var transport = new KestrelTransport(new DefaultConnectionContext { Transport = new Duplex(pipe.Reader, pipe.Writer) });
        var connection = new Connection(Interlocked.Increment(ref _connections), transport, Dialect.Binary, 1024 * 1024, TimeProvider.System);
        var identity = new TokenIdentity(new UserKey(appId, userId), null, null, null) { IsAccount = true };
        var session = new Session(connection, identity, new LoginRequest { UserId = userId, AppId = appId, Protocol = 2 }, 0);
        connection.Session = session;
        return session;
    }

    /// <summary>What was sent to it since this was last asked.</summary>
    public static string Sent(Session session)
    {
        if (!session.Connection.Input.TryRead(out var read))
            return "";
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        session.Connection.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
