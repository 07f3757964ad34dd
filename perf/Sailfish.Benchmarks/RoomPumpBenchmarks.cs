using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Benchmarks;

/// <summary>
/// A room's messages on their way to members whose sockets take everything at once: encoding, the pass over the members,
/// their locks and copies. One operation is one batch; divide by members × messages for a delivery.
/// </summary>
[MemoryDiagnoser]
public class RoomPumpBenchmarks
{
    private const long FirstUser = 1_000_000;

    private readonly Room _room = new(new RoomKey(1, 1001), 1024);
    // No room ends here, and nothing is missing: nobody is asked to tell the one, or to read the other.
    private readonly RoomPump _pump = new(new ConnectionTable(new NodeLease(1, TimeProvider.System)), exits: null!, gaps: null!, new PushMetrics(SilentSessions.Meters), NullLogger<RoomPump>.Instance);
    private long _seq;

    [Params(100, 1000, 10_000)]
    public int Members { get; set; }

    /// <summary>Messages that wait when the pump begins.</summary>
    [Params(1, 32)]
    public int Messages { get; set; }

    [Params(Dialect.Binary, Dialect.WebSocketJson)]
    public Dialect Dialect { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Members; i++)
        {
            var member = new RoomMember(SilentSessions.Of(FirstUser + i, Dialect), _room);
            _room.Add(member);
            if (!member.TryGoLive(0))
                throw new InvalidOperationException("The member is not live: nothing would be measured.");
        }
    }

    [Benchmark]
    public long Batch()
    {
        for (var i = 0; i < Messages; i++)
            _pump.Enqueue(_room, Next());
        _pump.Start(pushesHere: int.MaxValue);
        return _room.PumpedSeq;
    }

    private RoomEntry Next() => new(
        new StoredMessage
        {
            Conversation = _room.Conversation,
            ConversationId = 1,
            Seq = ++_seq,
            SenderId = FirstUser,
            BizCode = BizCodes.Chat,
            Data = SampleMessage.Data,
            Time = 1_790_000_000_000,
        },
        default,
        default);
}
