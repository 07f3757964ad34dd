using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>A SYNC reply that is being filled: up to a number of messages and the size of a frame.</summary>
internal sealed class SyncPage(int limit)
{
    private readonly List<EncodedMessage> _messages = [];
    private readonly Dictionary<string, long> _firstSeqs = [];
    private int _bytes;

    /// <summary>Messages that may still be added.</summary>
    public int CountLeft => limit - _messages.Count;

    /// <summary>Bytes that they may have.</summary>
    public int BytesLeft => SyncReplyEncoder.MaxMessageBytes - _bytes;

    /// <summary>A message was left out: there is more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>False when the page is full; the message is left for the next one.</summary>
    public bool TryAdd(StoredMessage message)
    {
        // The form that a push has, too: of a message that many ask for it is made once.
        var encoded = CountLeft > 0 ? message.Encode(Dialect.Binary, protocol: 2) : null;
        var bytes = encoded is null ? 0 : SyncReplyEncoder.LengthOf(encoded);
        if (encoded is null || (_messages.Count > 0 && bytes > BytesLeft))
        {
            IsFull = true;
            return false;
        }

        _messages.Add(encoded);
        _bytes += bytes;
        return true;
    }

    public void Truncate(string conversation, long firstSeq) => _firstSeqs[conversation] = firstSeq;

    public void SendTo(Session session)
    {
        var reply = SyncReplyEncoder.Encode(session.Connection.Dialect, session.UserId, _messages, IsFull, _firstSeqs);
        using var outbox = session.Connection.Outbox.EnterScope();
        outbox.Send(reply);
        outbox.GrantAcks(_messages.Count);
    }
}
