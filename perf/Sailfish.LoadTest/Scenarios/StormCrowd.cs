using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The members of a storm's rooms, and who writes to them; the senders are logged in.</summary>
internal sealed class StormCrowd
{
    internal const int MostRooms = 1000;

    private const long FirstMember = 1_000_000;
    private const long FirstSender = 2_000_000;

    private readonly Fleet _fleet;
    private readonly StormSender[] _senders;
    private readonly StormMember[] _members;

    /// <param name="servers">Where they log in, members on all nodes in turn.</param>
    /// <param name="fleet">Drives them.</param>
    /// <param name="options">How many they are.</param>
    /// <param name="senderNodes">The first nodes, so many, have the senders.</param>
    internal StormCrowd(Servers servers, Fleet fleet, StormOptions options, int senderNodes)
    {
        if (fleet.Transport.Protocol == 1)
            throw new LoadTestException("Sessions of protocol 1 are given no seqs to catch up by.");
        _fleet = fleet;
        Rooms = [.. Enumerable.Range(0, options.Rooms).Select(i => new StormRoom(RoomOptions.FirstRoom + i))];
        _senders = [.. Rooms.Select((room, i) => new StormSender(fleet, room, FirstSender + i, options.Frame) { Node = i % senderNodes })];
        _members = [.. Enumerable.Range(0, options.Sessions).Select(i =>
            new StormMember(fleet, Rooms[i % Rooms.Count], FirstMember + i) { Node = i % servers.Nodes.Count })];
        fleet.LogIn(_senders);
    }

    internal IReadOnlyList<StormRoom> Rooms { get; }

    internal IReadOnlyList<StormMember> Members => _members;

    /// <summary>Writes so many messages to each room, and waits for their receipts.</summary>
    internal void SendAll(int count)
    {
        foreach (var sender in _senders)
            sender.SendChats(count);
        _fleet.PollUntil(() => Array.TrueForAll(_senders, s => s.HasAllReceipts), () => _senders.Count(s => s.HasAllReceipts));
    }

    /// <summary>Waits until each member has all messages.</summary>
    internal void WaitForAll() =>
        _fleet.PollUntil(() => Array.TrueForAll(_members, m => m.HasAll), () => _members.Sum(m => (long)m.Last));

    internal void ReportLoss(ScenarioResult result)
    {
        var lost = _members.Count(m => !m.HasAll);
        var gaps = _members.Sum(m => m.Gaps);
        var duplicates = _members.Sum(m => m.Duplicates);
        var unreceipted = _senders.Count(s => !s.HasAllReceipts);
        result.Add("members with everything", _members.Length - lost, "");
        result.Add("gaps", gaps, "");
        result.Add("duplicates", duplicates, "");
        result.FailIf(unreceipted > 0, $"{unreceipted} senders lack receipts");
        result.FailIf(lost > 0, $"{lost} members lack messages");
        result.FailIf(gaps > 0, $"{gaps} gaps");
        result.FailIf(duplicates > 0, $"{duplicates} duplicates");
    }
}
