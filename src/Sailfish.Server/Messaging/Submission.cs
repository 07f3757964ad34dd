using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Messaging;

/// <summary>A message on its way through the log to its receivers.</summary>
internal sealed class Submission : AppendRequest
{
    /// <summary>The session that sent it: gets the RECEIPT. Null when it came through the API.</summary>
    public Session? Sender { get; init; }

    /// <summary>Where it was sent, which is where it is not pushed to.</summary>
    public Origin Origin => Sender is null ? default : new Origin(Sender.Connection.Id);

    /// <summary>The room in which it has a place on the way (<see cref="Room.InFlight"/>); null when nobody was in it.</summary>
    public Room? Place { get; init; }

    /// <summary>Who waits for the outcome; for the API.</summary>
    public TaskCompletionSource<Submission>? Done { get; init; }

    /// <summary>Users that had a session when it was delivered.</summary>
    public int OnlineUsers { get; set; }

    /// <summary>Hands it to the log; to a room, when there is a place for it.</summary>
    public async ValueTask SubmitAsync(IMessageLog log, CancellationToken cancellationToken)
    {
        if (Place is { } room)
            await room.InFlight.WaitAsync(cancellationToken);
        try
        {
            await log.AppendAsync(this, cancellationToken);
        }
        catch
        {
            LeavePlace();
            throw;
        }
    }

    /// <summary>It goes no further.</summary>
    public void LeavePlace() => Place?.InFlight.Release();
}
