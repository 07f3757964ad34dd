using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>Acknowledgements that were not sent yet. Of a conversation only the highest seq goes out. Not thread-safe.</summary>
internal sealed class AckBook
{
    private readonly Dictionary<string, long> _upTo = new(StringComparer.Ordinal);
    private readonly List<string> _single = [];

    public void AddUpTo(string conversation, long seq) =>
        _upTo[conversation] = Math.Max(seq, _upTo.GetValueOrDefault(conversation));

    public void AddOne(string msgId) => _single.Add(msgId);

    /// <summary>Moves everything to <paramref name="frames"/>.</summary>
    public void TakeAll(List<OutboundFrame> frames)
    {
        foreach (var (conversation, seq) in _upTo)
            frames.Add(Frame(new AckBody { Conversation = conversation, Seq = seq }));
        foreach (var msgId in _single)
            frames.Add(Frame(new AckBody { MsgId = msgId }));
        _upTo.Clear();
        _single.Clear();
    }

    private static OutboundFrame Frame(AckBody body) => OutboundFrame.Of(FrameCode.Ack, body, BodyJson.Wire.AckBody);
}
