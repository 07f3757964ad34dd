using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Text;

namespace Sailfish.Server.Sessions;

/// <summary>A logged-in connection: who speaks through it, and what it takes part in. Parts that few need are made when first needed.</summary>
internal sealed class Session(Connection connection, TokenIdentity identity, LoginRequest login, long since) : IOutboxWatcher
{
    /// <summary>Conversations that a client may be behind in; whoever is behind in more comes back and pulls.</summary>
    private const int MaxBehind = 1000;

    private static readonly string[] OnlyState = [FeatureWords.State];

    private HashSet<ConversationKey>? _behind;
    private PendingList? _pending;

    public Connection Connection { get; } = connection;

    public TokenIdentity Identity { get; } = identity;

    public long UserId => Identity.User.UserId;

    public long AppId => Identity.User.AppId;

    public UserKey User => Identity.User;

    /// <summary>Somebody without an account, who looks at living rooms and is online for nobody.</summary>
    public bool IsGuest => Identity.IsGuest;

    /// <summary>The address among whose guests it is; null for everybody else.</summary>
    public ClientAddress? GuestOf { get; init; }

    /// <summary>Whose paces it goes by: the user's own, or those of all guests of an address.</summary>
    public UserKey PacedAs { get; init; } = identity.User;

    public string ConnectionId => Connection.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>1 = seed behaviour, 2 = modern.</summary>
    public int Protocol { get; } = login.Protocol is >= 2 ? 2 : 1;

    public bool IsModern => Protocol >= 2;

    /// <summary>What it was granted of the features that it asked for; null when it asked for none.</summary>
    public IReadOnlyList<string>? Features { get; } = Granted(login);

    /// <summary>It is told the state of living rooms.</summary>
    public bool HasState => ReferenceEquals(Features, OnlyState);

    public string? DeviceId { get; } = identity.IsGuest ? null : identity.Device ?? login.DeviceId;

    public string? Platform { get; } = login.Platform;

    /// <summary>The name that was spoken under last, with what it looks like; the chat handler's.</summary>
    public NameLook? SpokenAs { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Since { get; } = since;

    /// <summary>The rooms that this session is in.</summary>
    public Memberships Memberships { get; } = new();

    /// <summary>Whether messages wait for their acks, as far as is known without the lock.</summary>
    public bool HasPending => _pending is { Count: > 0 };

    /// <summary>The user's paces, shared with his other sessions; set with the first thing that has one. The read loop's.</summary>
    public UserPaces? Paces { get; set; }

    /// <summary>A message as this session reads it, encoded once for all who read it so.</summary>
    public EncodedMessage Encode(StoredMessage message) => message.Encode(Connection.Dialect, Protocol);

    /// <summary>Takes the outbox's lock.</summary>
    public Scope EnterScope() => new(this, Connection.Outbox.EnterScope());

    /// <summary>The socket takes bytes again: the client is told where it is behind.</summary>
    public void OnDrained(Outbox.Scope outbox)
    {
        if (_behind is not { Count: > 0 })
            return;
        var scope = new Scope(this, outbox);
        foreach (var conversation in _behind)
        {
            scope.Append(
                FrameCode.Error,
                new ErrorBody { Error = ErrorWords.Behind, Message = "Messages were skipped; SYNC brings them.", Conversation = conversation.Name },
                BodyJson.Wire.ErrorBody);
            Memberships.Find(conversation)?.Resume(scope);
        }

        _behind.Clear();
    }

    private static string[]? Granted(LoginRequest login)
    {
        if (login is not { Protocol: >= 2, Features: { } asked })
            return null;
        return asked.Contains(FeatureWords.State) ? OnlyState : [];
    }

    /// <summary>
    /// The lock of the session's outbox, held, for all that changes in step with what is written: what waits for an ack, and
    /// what was skipped.
    /// </summary>
    public readonly ref struct Scope(Session session, Outbox.Scope outbox)
    {
        public Outbox.Scope Outbox { get; } = outbox;

        /// <summary>Adds one frame, to be flushed.</summary>
        public void Append<T>(FrameCode code, T body, JsonTypeInfo<T> type) =>
            Outbox.Append(FrameEncoder.Encode(session.Connection.Dialect, code, body, type));

        /// <summary>Adds one message, to be flushed.</summary>
        public void Append(EncodedMessage message) => Outbox.Append(message, session.Connection.Dialect, session.UserId);

        /// <summary>Adds one message, to be flushed; false when there is no room for it.</summary>
        public bool TryAppend(EncodedMessage message)
        {
            if (!Outbox.HasRoom(message.Bytes.Length))
                return false;
            Append(message);
            return true;
        }

        /// <summary>Remembers that a push was skipped; the client is told as soon as its socket takes bytes again.</summary>
        public void MarkBehind(ConversationKey conversation)
        {
            session._behind ??= [];
            session._behind.Add(conversation);
            if (session._behind.Count > MaxBehind)
                session.Connection.Abort("The client does not read.");
            Outbox.Watch(session);
        }

        /// <summary>Tells the client where it is behind: at once when nothing is before it, else behind that.</summary>
        public void TellBehind()
        {
            if (Outbox.IsIdle)
                session.OnDrained(Outbox);
            Outbox.Flush();
        }

        /// <summary>Whether pushes of the conversation are skipped until the client was told.</summary>
        public bool IsBehind(ConversationKey conversation) => session._behind is { } behind && behind.Contains(conversation);

        /// <summary>A message was pushed, and waits for its ack.</summary>
        public void AddPending(StoredMessage message, int resends = 0)
        {
            session._pending ??= new PendingList(session.Connection.Time);
            session._pending.Add(message, resends);
        }

        /// <summary>Takes out one message that was acked; null when it does not wait here.</summary>
        public StoredMessage? RemovePending(long conversationId, long seq) => session._pending?.Remove(conversationId, seq);

        /// <summary>Takes out all of a conversation up to a seq.</summary>
        public void RemovePendingUpTo(ConversationKey conversation, long seq) => session._pending?.RemoveUpTo(conversation, seq);

        /// <summary>Takes out the oldest one when it has waited for <paramref name="timeout"/>.</summary>
        public bool TryTakeDue(TimeSpan timeout, out Pending due)
        {
            due = default;
            return session._pending is { } pending && pending.TryTakeDue(timeout, out due);
        }

        public void Dispose() => Outbox.Dispose();
    }
}
