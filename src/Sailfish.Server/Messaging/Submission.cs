using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Messaging;

/// <summary>A message on its way into the log, and what became of it there.</summary>
internal sealed class Submission
{
    /// <summary>What its sender reads where the store has failed.</summary>
    public const string NotStored = "The message could not be stored. Send it again with the same clientMsgId.";

    private Room? _placeIn;

    public required ConversationKey Conversation { get; init; }

    public required long SenderId { get; init; }

    /// <summary>The sender's idempotency key, or none.</summary>
    public string? ClientMsgId { get; init; }

    public required int BizCode { get; init; }

    public required string Data { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>The message ends its conversation: whatever comes after it is refused.</summary>
    public bool Closes { get; init; }

    /// <summary>The session that sent it, which gets the RECEIPT. Null when it came through the API, or is the server's own.</summary>
    public Session? Sender { get; init; }

    /// <summary>Where it was sent, which is where it is not pushed to.</summary>
    public Origin Origin => Sender is null ? default : new Origin(Sender.Connection.Id);

    /// <summary>Who waits for the outcome, where there is no session to tell.</summary>
    public TaskCompletionSource<Submission>? Done { get; init; }

    /// <summary>The row that holds the message: this one, or the first one with the same key. Null when storing failed.</summary>
    public StoredMessage? Stored { get; set; }

    /// <summary>The key was there before: receipt it again, deliver nothing.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The conversation had ended before: nothing was stored.</summary>
    public bool IsTooLate { get; set; }

    /// <summary>Why storing failed: the message is not known to be stored.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The same for the one who sent it.</summary>
    public string FailureText => Failure is StorageFullException full ? full.Explanation : NotStored;

    /// <summary>The nodes where somebody waits for it, by their generations, as it was after the commit; null where the log does not know.</summary>
    public IReadOnlyList<long>? Nodes { get; set; }

    /// <summary>Users that had a session when it was delivered.</summary>
    public int OnlineUsers { get; set; }

    /// <summary>
    /// The same message once more, with nobody who waits for it and no place: when somebody was told that it is not known to be
    /// stored, and it turns out that it is.
    /// </summary>
    public Submission Again() => new()
    {
        Conversation = Conversation,
        SenderId = SenderId,
        ClientMsgId = ClientMsgId,
        BizCode = BizCode,
        Data = Data,
        Time = Time,
        Closes = Closes,
        Sender = Sender,
    };

    /// <summary>Gives it a place in the room that it goes to.</summary>
    public void Hold(RoomPlace place) => _placeIn = place.Room;

    /// <summary>Takes its place, to be passed on or given back. Of all who ask for it one gets it, and the others none.</summary>
    public RoomPlace TakePlace() => new(Interlocked.Exchange(ref _placeIn, null));
}
