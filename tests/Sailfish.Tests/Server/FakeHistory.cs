using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server;

/// <summary>A log in memory that can be told to fail, to hang, and to lose what is old.</summary>
internal sealed class FakeHistory : IMessageHistory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationKey, List<StoredMessage>> _log = [];
    private readonly Dictionary<ConversationKey, long> _takenUpTo = [];
    private int _reading;

    /// <summary>Reads fail.</summary>
    public bool IsAway { get; set; }

    /// <summary>Reads wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Reads until now.</summary>
    public int Reads { get; private set; }

    /// <summary>Reads that were under way at once, at most.</summary>
    public int MostReading { get; private set; }

    /// <summary>Looks for a conversation by its name until now.</summary>
    public int Lookups { get; private set; }

    public StoredMessage Append(ConversationKey key, long sender = 10001, long time = 1_000_000, string data = "{}")
    {
        lock (_lock)
        {
            if (!_log.TryGetValue(key, out var messages))
                _log.Add(key, messages = []);
            var message = new StoredMessage
            {
                Conversation = key,
                ConversationId = RowOf(key),
                Seq = messages.Count + 1,
                SenderId = sender,
                BizCode = BizCodes.Chat,
                Data = data,
                Time = time,
            };
            messages.Add(message);
            return message;
        }
    }

    public static long RowOf(ConversationKey key) => (((key.Low * 31) + key.High) * 2) + (long)key.Kind;

    /// <summary>All up to a seq have become too old.</summary>
    public void TakeUpTo(ConversationKey key, long seq)
    {
        lock (_lock)
            _takenUpTo[key] = Math.Max(_takenUpTo.GetValueOrDefault(key), seq);
    }

    public long TakenUpTo(ConversationKey key)
    {
        lock (_lock)
            return _takenUpTo.GetValueOrDefault(key);
    }

    public long NewestSeq(ConversationKey key)
    {
        lock (_lock)
            return _log.TryGetValue(key, out var messages) ? messages.Count : 0;
    }

    /// <summary>What there is.</summary>
    public IReadOnlyList<StoredMessage> All(ConversationKey key)
    {
        lock (_lock)
            return _log.TryGetValue(key, out var messages) ? [.. messages.Where(m => m.Seq > _takenUpTo.GetValueOrDefault(key))] : [];
    }

    public ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken) => new(NewestSeq(key));

    public ValueTask<bool> HasBegunAsync(ConversationKey key, CancellationToken cancellationToken) => new(NewestSeq(key) > 0);

    public async ValueTask<MessagePage> ReadAsync(ConversationKey key, long after, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Reads++;
            MostReading = Math.Max(MostReading, ++_reading);
        }

        try
        {
            await Gate;
            if (IsAway)
                throw new IOException("The log is away.");
            return Page(All(key).Where(m => m.Seq > after), maxCount, maxBytes);
        }
        finally
        {
            lock (_lock)
                _reading--;
        }
    }

    public ValueTask<long> FindStartAsync(ConversationKey key, long newest, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        new(Math.Max(0, newest - maxCount));

    public ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken) => default;

    public ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        Lookups++;
        return new(new ConversationRow(RowOf(key), key, NewestSeq(key)));
    }

    public ValueTask<IReadOnlyList<UnreadConversation>> ListUnreadAsync(long appId, long userId, long afterId, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask<MessagePage> ReadFromOthersAsync(
        UnreadConversation conversation, long userId, long from, long to, int maxCount, int maxBytes, CancellationToken cancellationToken) => new(new MessagePage([], true));

    private static MessagePage Page(IEnumerable<StoredMessage> messages, int maxCount, int maxBytes)
    {
        List<StoredMessage> page = [];
        var bytes = 0;
        foreach (var message in messages)
        {
            bytes += message.Size;
            if (page.Count == maxCount || (page.Count > 0 && bytes > maxBytes))
                return new MessagePage(page, IsWhole: false);
            page.Add(message);
        }

        return new MessagePage(page, IsWhole: true);
    }
}
