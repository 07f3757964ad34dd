using System.Buffers;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;
using Sailfish.Server.Transports;

namespace Sailfish.Tests.Server;

/// <summary>Parts of the server without sockets.</summary>
internal static class Fakes
{
    private static long _connections;

    public static IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>Of a server that is alone, at its first start.</summary>
    public static NodeLease Lease { get; } = new(1, TimeProvider.System);

    /// <summary>A logged-in session whose socket is a pipe that nobody reads, and which takes as much as its options say.</summary>
    public static Session Session(
        long userId, TimeProvider? time = null, int protocol = 2, int maxOutboxBytes = 1024 * 1024, TokenIdentity? identity = null, PipeOptions? pipe = null, string[]? features = null)
    {
        var connection = Connection(time, maxOutboxBytes, pipe);
        var login = new LoginRequest { UserId = userId, AppId = 1, Protocol = protocol, Features = features };
        var session = new Session(connection, identity ?? new TokenIdentity(new UserKey(1, userId), null, null, null), login, 0);
        connection.Session = session;
        return session;
    }

    /// <summary>What is sent to it can be read from its input.</summary>
    public static Connection Connection(TimeProvider? time = null, int maxOutboxBytes = 1024 * 1024, PipeOptions? options = null)
    {
        var pipe = new Pipe(options ?? PipeOptions.Default);
        var transport = new KestrelTransport(new DefaultConnectionContext { Transport = new Duplex(pipe.Reader, pipe.Writer) });
        return new Connection(Interlocked.Increment(ref _connections), transport, Dialect.Binary, maxOutboxBytes, time ?? TimeProvider.System);
    }

    /// <summary>What was sent to a session since this was last asked, which is something.</summary>
    public static string SentTo(Session session)
    {
        var sent = SentIfAny(session);
        Assert.NotEmpty(sent);
        return sent;
    }

    /// <summary>What was sent to a session since this was last asked.</summary>
    public static string SentIfAny(Session session)
    {
        if (!session.Connection.Input.TryRead(out var read))
            return "";
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        session.Connection.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    public static StoredMessage Message(ConversationKey conversation, long seq, long row = 1, string data = "{}") => new()
    {
        Conversation = conversation,
        ConversationId = row,
        Seq = seq,
        SenderId = 10001,
        BizCode = BizCodes.Chat,
        Data = data,
        Time = 1,
    };

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
