using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>A MESSAGE that is not stored: no conversation, no seq. Encoded once a dialect, on first need.</summary>
internal sealed class Announcement(long appId, int bizCode, string data)
{
    private readonly MessageBody _body = new() { AppId = appId, BizCode = bizCode, Data = data, MsgId = Guid.NewGuid().ToString() };
    private readonly EncodedMessage?[] _encoded = new EncodedMessage?[StoredMessage.EncodingCount];

    public string MsgId => _body.MsgId!;

    public EncodedMessage Encode(Session session)
    {
        var dialect = session.Connection.Dialect;
        return _encoded[StoredMessage.EncodingIndex(dialect, session.Protocol)] ??= MessageEncoder.Encode(_body, dialect, session.Protocol);
    }
}
