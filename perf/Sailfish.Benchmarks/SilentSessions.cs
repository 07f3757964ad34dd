using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Gateway;
using Sailfish.Server.Sessions;

namespace Sailfish.Benchmarks;

/// <summary>Sessions whose socket takes everything at once and sends nothing: what is left is the server's own work.</summary>
internal static class SilentSessions
{
    private const int MaxOutbox = 1024 * 1024;

    internal static IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    internal static Session Of(long userId, Dialect dialect)
    {
        var transport = new DefaultConnectionContext { Transport = new SilentPipe() };
        var connection = new Connection(userId, transport, dialect, MaxOutbox, TimeProvider.System);
        var session = new Session(
            connection, new TokenIdentity(new UserKey(1, userId), null, null, null), new LoginRequest { UserId = userId, AppId = 1, Protocol = 2 }, 0);
        connection.Session = session;
        return session;
    }

    private sealed class SilentPipe : IDuplexPipe
    {
        public PipeReader Input { get; } = new Pipe().Reader;

        public PipeWriter Output { get; } = new SilentWriter();
    }

    /// <summary>Takes what is written and forgets it at each flush.</summary>
    private sealed class SilentWriter : PipeWriter
    {
        private byte[] _buffer = new byte[4096];
        private int _written;

        public override void Advance(int bytes) => _written += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            var needed = _written + Math.Max(sizeHint, 1);
            if (needed > _buffer.Length)
                Array.Resize(ref _buffer, Math.Max(needed, _buffer.Length * 2));
            return _buffer.AsMemory(_written);
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            _written = 0;
            return default;
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
