namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// Holds the histories of all clients against each other and against the logs: what was receipted is there, each message once,
/// and everybody was brought everything in its order.
/// </summary>
internal sealed class HistoryChecker
{
    private readonly List<HistoryFault> _faults = [];
    private readonly Dictionary<string, Dictionary<long, LogEntry>> _logs = [];

    private HistoryChecker()
    {
    }

    /// <param name="clients">All who said or saw something.</param>
    /// <param name="logs">The conversations' logs in the end, as a new client reads them by SYNC from 0.</param>
    /// <returns>All that is wrong; nothing when all is well.</returns>
    public static IReadOnlyList<HistoryFault> Check(IEnumerable<ClientHistory> clients, IReadOnlyDictionary<string, IReadOnlyList<LogEntry>> logs)
    {
        var checker = new HistoryChecker();
        foreach (var (conversation, log) in logs)
            checker.CheckLog(conversation, log);
        foreach (var client in clients)
            checker.CheckClient(client);
        return checker._faults;
    }

    private void CheckLog(string conversation, IReadOnlyList<LogEntry> log)
    {
        var places = _logs[conversation] = [];
        HashSet<(long, string)> keys = [];
        HashSet<string> ids = [];
        var next = 1L;
        foreach (var entry in log)
        {
            if (entry.Seq != next)
                Add(FaultKind.Gap, 0, $"{conversation}: {entry.Seq} follows {next - 1} in the log");
            next = entry.Seq + 1;
            places[entry.Seq] = entry;
            if (!keys.Add((entry.Sender, entry.Key)))
                Add(FaultKind.KeyTwice, 0, $"{conversation} {entry.Seq}: {entry.Key} of {entry.Sender} again");
            if (!ids.Add(entry.MsgId))
                Add(FaultKind.Doubled, 0, $"{conversation} {entry.Seq}: the id {entry.MsgId} again");
        }
    }

    private void CheckClient(ClientHistory client)
    {
        CheckReceipts(client);
        CheckPlaces(client);
        CheckMissed(client);
        var connection = new ConnectionCheck(this, client.UserId);
        foreach (var seen in client.Events)
        {
            if (seen.What == Seen.Wrong)
                Add(FaultKind.Wrong, client.UserId, $"{seen.Conversation} {seen.Key}");
            if (seen.What == Seen.Connected)
                connection = new ConnectionCheck(this, client.UserId);
            else
                connection.Take(seen);
        }
    }

    private void CheckReceipts(ClientHistory client)
    {
        Dictionary<(string, string), HistoryEvent> first = [];
        foreach (var receipt in client.Events.Where(e => e.What == Seen.Receipted))
        {
            var known = first.TryAdd((receipt.Conversation, receipt.Key), receipt) ? receipt : first[(receipt.Conversation, receipt.Key)];
            if ((known.Seq, known.MsgId) != (receipt.Seq, receipt.MsgId))
                Add(FaultKind.ReceiptChanged, client.UserId, $"{receipt.Conversation}: {receipt.Key} is at {known.Seq} and at {receipt.Seq}");
            if (Find(receipt) is not { } entry)
                Add(FaultKind.Lost, client.UserId, $"{receipt.Conversation} {receipt.Seq}: {receipt.Key} was receipted and is not in the log");
            else if ((entry.MsgId, entry.Sender, entry.Key) != (receipt.MsgId, client.UserId, receipt.Key))
                Add(FaultKind.Lost, client.UserId, $"{receipt.Conversation} {receipt.Seq}: {receipt.Key} was receipted, and there is {entry.Key} of {entry.Sender}");
        }
    }

    /// <summary>After doubles are taken out by their ids, each place has one message, and it is the log's.</summary>
    private void CheckPlaces(ClientHistory client)
    {
        Dictionary<string, HistoryEvent> byId = [];
        Dictionary<(string, string), HistoryEvent> byKey = [];
        foreach (var message in client.Events.Where(IsMessage))
        {
            if (!byId.TryAdd(message.MsgId, message))
            {
                if (!IsSame(byId[message.MsgId], message))
                    Add(FaultKind.Doubled, client.UserId, $"{message.MsgId} at {byId[message.MsgId].Seq} and at {message.Conversation} {message.Seq}");
                continue;
            }

            if (!byKey.TryAdd((message.Conversation, message.Key), message))
                Add(FaultKind.Doubled, client.UserId, $"{message.Conversation}: {message.Key} at {byKey[(message.Conversation, message.Key)].Seq} and at {message.Seq}");
            if (Find(message) is not { } entry || entry.MsgId != message.MsgId || entry.Key != message.Key)
                Add(FaultKind.Invented, client.UserId, $"{message.Conversation} {message.Seq}: {message.Key} is not in the log");
        }
    }

    private void CheckMissed(ClientHistory client)
    {
        // What a client was in from which seq on: a room's from its first join, all of the others.
        Dictionary<string, long> begins = [];
        Dictionary<string, HashSet<long>> had = [];
        foreach (var seen in client.Events.Where(e => e.Conversation.Length > 0))
        {
            if (seen.What == Seen.Joined)
                begins.TryAdd(seen.Conversation, seen.Seq);
            else if (seen.What == Seen.Receipted || IsMessage(seen))
                (had.TryGetValue(seen.Conversation, out var seqs) ? seqs : had[seen.Conversation] = []).Add(seen.Seq);
        }

        foreach (var (conversation, log) in _logs.Where(log => begins.ContainsKey(log.Key) || IsOf(client.UserId, log.Key)))
        {
            var seqs = had.GetValueOrDefault(conversation, []);
            foreach (var entry in log.Values.Where(entry => entry.Seq > begins.GetValueOrDefault(conversation) && !seqs.Contains(entry.Seq)))
                Add(FaultKind.Missed, client.UserId, $"{conversation} {entry.Seq}: {entry.Key}");
        }
    }

    private static bool IsMessage(HistoryEvent seen) => seen.What is Seen.Pushed or Seen.Pulled;

    private static bool IsSame(HistoryEvent one, HistoryEvent other) => (one.Conversation, one.Seq, one.Key) == (other.Conversation, other.Seq, other.Key);

    private static bool IsOf(long user, string conversation) => conversation[0] == 'd' && conversation.Split(':').Contains($"{user}");

    private LogEntry? Find(HistoryEvent seen) => _logs.GetValueOrDefault(seen.Conversation)?.GetValueOrDefault(seen.Seq);

    private void Add(FaultKind kind, long user, string text) => _faults.Add(new HistoryFault(kind, user, text));

    /// <summary>What one connection was brought by itself: seq after seq, unless it was told that it is behind.</summary>
    private sealed class ConnectionCheck(HistoryChecker checker, long user)
    {
        private readonly Dictionary<string, long> _last = [];
        private readonly HashSet<string> _ids = [];

        /// <summary>What a SYNC brought: brought once more by itself it is a duplicate, which may come in any order.</summary>
        private readonly HashSet<string> _pulled = [];

        public void Take(HistoryEvent seen)
        {
            if (seen.What == Seen.Joined)
                _last[seen.Conversation] = seen.Seq;
            else if (seen.What == Seen.Behind)
                _last.Remove(seen.Conversation);
            else if (seen.What == Seen.Pulled)
                _pulled.Add(seen.MsgId);
            else if (seen.What == Seen.Pushed && _ids.Add(seen.MsgId))
                Follow(seen);
        }

        private void Follow(HistoryEvent seen)
        {
            if (_last.TryGetValue(seen.Conversation, out var last))
            {
                if (seen.Seq <= last && !_pulled.Contains(seen.MsgId))
                    checker.Add(FaultKind.Reordered, user, $"{seen.Conversation}: {seen.Seq} came behind {last}");
                for (var seq = last + 1; seq < seen.Seq; seq++)
                    CheckLeftOut(seen.Conversation, seq, last, seen.Seq);
            }

            _last[seen.Conversation] = Math.Max(seen.Seq, _last.GetValueOrDefault(seen.Conversation));
        }

        /// <summary>Its own messages are not brought to a connection.</summary>
        private void CheckLeftOut(string conversation, long seq, long last, long next)
        {
            if (checker._logs.GetValueOrDefault(conversation)?.GetValueOrDefault(seq) is { } entry && entry.Sender != user)
                checker.Add(FaultKind.Gap, user, $"{conversation}: {next} came behind {last}, and {seq} of {entry.Sender} did not");
        }
    }
}
