using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Cluster.Questions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Tests.Server.Rooms;

namespace Sailfish.Tests.Server.Cluster.Questions;

/// <summary>A node that has rooms and a link to the others, and answers what they ask of its rooms.</summary>
internal sealed class RoomNode : IAsyncDisposable
{
    private static readonly AppTable Apps = new([new AppConfig { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]);

    private readonly ClusterLink _link;
    private int _asked;

    public RoomNode(LocalBuses buses, long generation)
    {
        var exits = new RoomExits(Rooms, new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease));
        var questions = new NodeQuestions([new RoomKickQuestion(exits, Restrictions), new RoomUsersQuestion(Rooms), new RoomHasUserQuestion(Rooms), new RoomHasSeenQuestion(Rooms, Living), new RoomGuestsQuestion(Rooms)]);
        _link = new ClusterLink(generation, buses, new Sink(Told), new Counted(this, questions), () => true, new ClusterMetrics(Fakes.Meters), TimeProvider.System, NullLoggerFactory.Instance);
        _link.Start();
        Node.Link = _link;
    }

    public Sailfish.Server.Cluster.ClusterNode Node { get; } = new();

    /// <summary>What it was told.</summary>
    public ConcurrentQueue<ControlItem> Told { get; } = new();

    public RoomTable Rooms { get; } = new(Options.Create(new RoomsOptions()));

    public RoomRestrictions Restrictions { get; } = new(new NoRestrictions(), TimeProvider.System);

    public LivingTable Living { get; } = new(new FakeLivingHistory(), Apps, TimeProvider.System);

    /// <summary>How often it was asked something.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public Session Join(RoomKey key, long userId)
    {
        var session = Fakes.Session(userId);
        Rooms.Change(key, room => room.Add(new RoomMember(session, room)));
        return session;
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private sealed class Sink(ConcurrentQueue<ControlItem> told) : IClusterSink
    {
        public void Messages(IReadOnlyList<MessageItem> messages)
        {
        }

        public void Places(IReadOnlyList<PlaceItem> places)
        {
        }

        public void Control(ControlItem control) => told.Enqueue(control);

        public void Missed(long source)
        {
        }

        public void HealthChanged(BusHealth health)
        {
        }
    }

    private sealed class Counted(RoomNode node, ICallHandler handler) : ICallHandler
    {
        public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(long source, ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref node._asked);
            return handler.AnswerAsync(source, question, cancellationToken);
        }
    }
}
