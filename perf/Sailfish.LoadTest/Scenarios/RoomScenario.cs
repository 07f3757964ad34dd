using System.Globalization;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Rooms and their members: how many deliveries a second, and how late the last member has a message.</summary>
internal sealed class RoomScenario(RoomOptions options) : LoadScenario
{
    private const long FirstUser = 1_000_000;

    /// <summary>What a member who does not read lets the kernel hold: little, so that the server soon notices.</summary>
    private const int SlowReceiveBuffer = 4096;

    public override string Name => options switch
    {
        { SlowPercent: > 0 } => "slow",
        { Rooms: > 1 } => "rooms",
        _ => "room",
    };

    protected override string Options => options.ToString();

    internal override TimeSpan WarmUp => options.WarmUp;

    internal override TimeSpan Period => options.Period;

    internal override int Sessions => options.Rooms * options.Members;

    internal override ILoad Begin(Servers servers, Fleet fleet)
    {
        if (options.Place == RoomPlace.Apart && servers.Nodes.Count == 1)
            throw new LoadTestException($"{Name}: a sender on another node takes two nodes: --nodes 2.");
        var totals = new RoomTotals();
        var boards = Enumerable.Range(0, options.Rooms).Select(i => Board(totals, i, fleet.Transport.Protocol)).ToArray();
        var members = boards.SelectMany(board => Members(fleet, board)).ToArray();
        fleet.LogIn(members);
        foreach (var slow in members.Where(m => m.IsSlow))
            slow.IsPaused = true;
        return new RoomLoad(servers, fleet, new RoomPump(options, totals, Senders(members)), totals, boards, members);
    }

    /// <summary>Every member but the sender gets a message; nobody waits for those who do not read.</summary>
    private RoomBoard Board(RoomTotals totals, int index, int protocol)
    {
        var room = RoomOptions.FirstRoom + (options.Number * CheckedOption.MaxConnections) + index;
        var firstUser = FirstUser + (options.Number * CheckedOption.MaxConnections) + ((long)index * options.Members);
        var seqOfMessage = NumberScanner.SeqIn(string.Create(CultureInfo.InvariantCulture, $"r:{room}"), protocol);
        return new RoomBoard(totals, room, options.Members - 1 - options.SlowMembers, seqOfMessage)
        {
            Senders = (firstUser, firstUser + options.Senders),
        };
    }

    /// <summary>The first ones of a room send, the last ones are slow.</summary>
    private IEnumerable<RoomMember> Members(Fleet fleet, RoomBoard board) =>
        Enumerable.Range(0, options.Members).Select(i =>
        {
            var isSlow = i >= options.Members - options.SlowMembers;
            return new RoomMember(fleet, board, board.Senders.First + i, options.Frame, isSlow) { Node = options.NodeOf(i), ReceiveBuffer = isSlow ? SlowReceiveBuffer : 0 };
        });

    private RoomMember[] Senders(RoomMember[] members) =>
        [.. members.Where((_, i) => i % options.Members < options.Senders)];
}
