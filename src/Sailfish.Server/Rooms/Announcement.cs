using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>A MESSAGE that is not stored: no conversation, no seq. Encoded once a dialect, on first need.</summary>
/// <param name="appId">The app.</param>
/// <param name="bizCode">What it is.</param>
/// <param name="data">What is told.</param>
/// <param name="msgId">What another node has given it: it is the same on every node. A new one when not given.</param>
internal sealed class Announcement(long appId, int bizCode, string data, string? msgId = null)
{
    private readonly MessageBody _body = new() { AppId = appId, BizCode = bizCode, Data = data, MsgId = msgId ?? Guid.NewGuid().ToString() };
    private readonly EncodedMessage?[] _encoded = new EncodedMessage?[StoredMessage.EncodingCount];

    public long AppId => _body.AppId;

    public int BizCode => _body.BizCode;

    public string Data => _body.Data!;

    public string MsgId => _body.MsgId!;

    public EncodedMessage Encode(Session session)
    {
        var dialect = session.Connection.Dialect;
        return _encoded[StoredMessage.EncodingIndex(dialect, session.Protocol)] ??= MessageEncoder.Encode(_body, dialect, session.Protocol);
    }
}
