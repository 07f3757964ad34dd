using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;
using Sailfish.Server.Transports;

namespace Sailfish.Benchmarks;

/// <summary>Sessions whose socket takes everything at once and sends nothing: what is left is the server's own work.</summary>
internal static class SilentSessions
{
    private const int MaxOutbox = 1024 * 1024;

    internal static IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    internal static Session Of(long userId, Dialect dialect)
    {
        var transport = new SilentTransport();
        var connection = new Connection(userId, transport, dialect, MaxOutbox, TimeProvider.System);
        var session = new Session(
            connection, new TokenIdentity(new UserKey(1, userId), null, null, null), new LoginRequest { UserId = userId, AppId = 1, Protocol = 2 }, 0);
        connection.Session = session;
        return session;
    }

    private sealed class SilentTransport : Transport
    {
        public override PipeReader Input { get; } = new Pipe().Reader;

        public override bool IsEnded => false;

        public override bool HasPeerLeft => false;

        public override int TrySend(ReadOnlySpan<byte> bytes) => bytes.Length;

        public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => ValueTask.CompletedTask;

        public override void Abort(string reason)
        {
        }
    }
}
