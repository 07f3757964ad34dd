using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Delivery;

/// <summary>A SYNC reply that is being filled: up to a number of messages and the size of a frame.</summary>
internal sealed class SyncPage(long userId, int limit)
{
    /// <summary>
    /// The most bytes of messages, and so of one, which could not be pulled else: a frame less what stands around the
    /// messages, member names and 100 conversations with their first seqs.
    /// </summary>
    public const int MaxMessages = BinaryFrame.DefaultMaxBody - (6 * 1024);

    private readonly List<MessageBody> _messages = [];
    private readonly Dictionary<string, long> _firstSeqs = [];

    /// <summary>What the messages have at the most.</summary>
    private int _mostBytes;

    /// <summary>What the first <see cref="_measured"/> messages have.</summary>
    private int _bytes;
    private int _measured;

    public int Limit => limit;

    /// <summary>A message was left out: there is more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>False when the page is full; the message is left for the next one.</summary>
    public bool TryAdd(StoredMessage message)
    {
        var body = message.ToBody(userId);
        if (_messages.Count == limit || (_messages.Count > 0 && !Fits(body)))
        {
            IsFull = true;
            return false;
        }

        _messages.Add(body);
        _mostBytes += MostBytes(body);
        return true;
    }

    /// <summary>Measures only when the messages could be too many: most pages are far from full.</summary>
    private bool Fits(MessageBody body)
    {
        if (_mostBytes + MostBytes(body) <= MaxMessages)
            return true;
        for (; _measured < _messages.Count; _measured++)
            _bytes += Bytes(_messages[_measured]);
        return _bytes + Bytes(body) <= MaxMessages;
    }

    private static int Bytes(MessageBody body) => MessageEncoder.BodyLength(body) + ",".Length;

    /// <summary>A character has at most six bytes, escaped; all members beside the data have fewer than 512.</summary>
    private static int MostBytes(MessageBody body) => (6 * body.Data!.Length) + 512;

    public void Truncate(string conversation, long firstSeq) => _firstSeqs[conversation] = firstSeq;

    public SyncReply ToReply() => new()
    {
        Messages = _messages,
        More = IsFull,
        Truncated = _firstSeqs.Count > 0 ? true : null,
        FirstSeq = _firstSeqs.Count > 0 ? _firstSeqs : null,
    };
}
