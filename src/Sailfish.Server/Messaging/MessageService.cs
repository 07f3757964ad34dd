using System.Text;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Sessions;
using Sailfish.Server.Text;

namespace Sailfish.Server.Messaging;

/// <summary>The front door of messages from clients: rate limit, then the handler of the bizCode.</summary>
internal sealed class MessageService
{
    private const int MaxClientMsgId = 64;
    private readonly Dictionary<int, IBizHandler> _handlers;
    private readonly UserPaceTable _paces;
    private readonly MessageMetrics _metrics;

    public MessageService(IEnumerable<IBizHandler> handlers, UserPaceTable paces, MessageMetrics metrics)
    {
        _handlers = handlers.ToDictionary(h => h.BizCode);
        _paces = paces;
        _metrics = metrics;
    }

    public ValueTask HandleAsync(Session session, MessageBody message)
    {
        _metrics.Received();
        if (message.ClientMsgId is { } key && !(Characters.IsOneTo(key, MaxClientMsgId) && Characters.AreStorable(key)))
            return Refuse(session, null, ErrorWords.BadClientMsgId, $"clientMsgId is 1 to {MaxClientMsgId} characters without U+0000.");
        if (session.IsGuest)
            return Refuse(session, message.ClientMsgId, ErrorWords.Guest, "Guests only read.");
        if (_paces.LimitsMessages && !_paces.TryMessage(session, Encoding.UTF8.GetByteCount(message.Data ?? ""), out var retryAfter))
            return Refuse(session, message.ClientMsgId, ErrorWords.RateLimited, "Too many messages.", retryAfter);
        return _handlers.TryGetValue(message.BizCode, out var handler)
            ? handler.HandleAsync(session, message, CancellationToken.None)
            : Refuse(session, message.ClientMsgId, ErrorWords.UnknownBizCode, $"Nothing here handles bizCode {message.BizCode}.");
    }

    private ValueTask Refuse(Session session, string? clientMsgId, string error, string text, TimeSpan? retryAfter = null)
    {
        _metrics.Refused(error);
        session.Connection.SendError(error, text, clientMsgId, retryAfter);
        return ValueTask.CompletedTask;
    }
}
