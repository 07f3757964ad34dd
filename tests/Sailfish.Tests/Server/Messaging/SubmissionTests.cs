using System.Threading.Channels;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Tests.Server.Events;

namespace Sailfish.Tests.Server.Messaging;

/// <summary>A message to a room is handed to the log when there is a place for it, whoever sent it.</summary>
public sealed class SubmissionTests
{
    [Fact]
    public async Task A_message_without_a_sender_Waits_for_a_place_and_gives_it_back_when_the_log_refuses()
    {
        var room = new Room(new RoomKey(1, 7), maxInFlight: 1);
        var log = new BusTests.EmptyLog();
        var first = To(room);
        await first.SubmitAsync(log, CancellationToken.None);
        var second = To(room).SubmitAsync(log, CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        using var gone = new CancellationTokenSource();
        var third = To(room).SubmitAsync(log, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        first.LeavePlace();
        await second;
        Assert.Equal(0, room.InFlight.CurrentCount);

        room.InFlight.Release();
        log.IsStopped = true;
        await Assert.ThrowsAsync<ChannelClosedException>(() => To(room).SubmitAsync(log, CancellationToken.None).AsTask());
        Assert.Equal(1, room.InFlight.CurrentCount);
    }

    private static Submission To(Room room) => new()
    {
        Conversation = room.Conversation,
        SenderId = ConversationKey.SystemUser,
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
        Place = room,
    };
}
