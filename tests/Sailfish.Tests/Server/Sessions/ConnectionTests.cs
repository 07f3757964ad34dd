using System.Text;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

public sealed class ConnectionTests
{
    [Fact]
    public void Many_who_close_at_once_say_one_last_word()
    {
        for (var round = 0; round < 2000; round++)
        {
            var transport = new SlowTransport { IsFast = true };
            var connection = new Connection(1, transport, Dialect.Binary, 100_000, TimeProvider.System);
            using var start = new Barrier(3);
            Parallel.Invoke(
                new ParallelOptions { MaxDegreeOfParallelism = 3 },
                () => After(start, () => connection.CloseWithBye(ByeReason.Kicked)),
                () => After(start, () => connection.CloseWithBye(ByeReason.Draining, 5)),
                () => After(start, () => connection.CloseWithError("bad_frame", "x")));
            var said = Encoding.UTF8.GetString(transport.Sent.ToArray());
            Assert.Equal(1, new[] { "kicked", "draining", "bad_frame" }.Sum(word => Count(said, word)));
        }
    }

    [Fact]
    public void The_last_word_is_said_though_the_connection_ends_beside_it()
    {
        for (var round = 0; round < 2000; round++)
        {
            var transport = new SlowTransport { IsFast = true };
            var connection = new Connection(1, transport, Dialect.Binary, 100_000, TimeProvider.System);
            using var start = new Barrier(2);
            Parallel.Invoke(
                new ParallelOptions { MaxDegreeOfParallelism = 2 },
                () => After(start, () => connection.CloseWithBye(ByeReason.Kicked)),
                () => After(start, () => EndWhenClosing(connection)));
            Assert.Contains("kicked", Encoding.UTF8.GetString(transport.Sent.ToArray()), StringComparison.Ordinal);
        }
    }

    /// <summary>As its read loop does.</summary>
    private static void EndWhenClosing(Connection connection)
    {
        SpinWait.SpinUntil(() => connection.IsClosing, Wait.Limit);
        connection.Outbox.Close();
    }

    private static void After(Barrier start, Action action)
    {
        start.SignalAndWait(Wait.Limit);
        action();
    }

    private static int Count(string text, string word) => text.Split(word).Length - 1;
}
