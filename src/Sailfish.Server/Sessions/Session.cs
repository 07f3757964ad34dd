using System.Globalization;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Text;

namespace Sailfish.Server.Sessions;

/// <summary>A logged-in connection: who speaks through it, and what it takes part in. Parts that few need are made when first needed.</summary>
internal sealed class Session(Connection connection, TokenIdentity identity, LoginRequest login, long since)
{
    /// <summary>Conversations that a client may be behind in; whoever is behind in more comes back and pulls.</summary>
    private const int MaxBehind = 1000;

    private HashSet<ConversationKey>? _behind;

    public Connection Connection { get; } = connection;

    public TokenIdentity Identity { get; } = identity;

    public long UserId => Identity.User.UserId;

    public long AppId => Identity.User.AppId;

    public UserKey User => Identity.User;

    public string ConnectionId => Connection.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>1 = seed behaviour, 2 = modern.</summary>
    public int Protocol { get; } = login.Protocol is >= 2 ? 2 : 1;

    public bool IsModern => Protocol >= 2;

    public string? DeviceId { get; } = identity.Device ?? login.DeviceId;

    public string? Platform { get; } = login.Platform;

    /// <summary>The name that was spoken under last, with what it looks like; the chat handler's.</summary>
    public NameLook? SpokenAs { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Since { get; } = since;

    /// <summary>The rooms that this session is in.</summary>
    public Memberships Memberships { get; } = new();

    /// <summary>Messages pushed and not yet acked. Guarded by the outbox's lock.</summary>
    public PendingList? Pending { get; set; }

    /// <summary>The user's paces, shared with his other sessions; set with the first thing that has one. The read loop's.</summary>
    public UserPaces? Paces { get; set; }

    /// <summary>
    /// Remembers that a push was skipped; the client is told as soon as its socket takes bytes again. The caller holds
    /// the outbox's lock.
    /// </summary>
    public void MarkBehind(ConversationKey conversation)
    {
        _behind ??= [];
        _behind.Add(conversation);
        if (_behind.Count > MaxBehind)
            Connection.Abort("The client does not read.");
        Connection.Outbox.Drained ??= TellBehind;
    }

    /// <summary>Whether pushes of the conversation are skipped until the client was told. The caller holds the outbox's lock.</summary>
    public bool IsBehind(ConversationKey conversation) => _behind is not null && _behind.Contains(conversation);

    private void TellBehind()
    {
        if (_behind is not { Count: > 0 })
            return;
        foreach (var conversation in _behind)
        {
            Connection.Append(
                FrameCode.Error,
                new ErrorBody { Error = ErrorWords.Behind, Message = "Messages were skipped; SYNC brings them.", Conversation = conversation.Name },
                BodyJson.Wire.ErrorBody);
            Memberships.Find(conversation)?.Resume();
        }

        _behind.Clear();
    }
}
