using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Living;

/// <summary>A server that is alone closes a room when neither its anchor nor a stream has been there for long enough.</summary>
public sealed class AnchorWatchTests
{
    private const long App = 1;
    private const long Anchor = 100_001;
    private static readonly RoomKey Key = new(App, LivingRoom.FirstId);

    private readonly FakeTimeProvider _time = new();
    private readonly HandStreams _streams = new();
    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions()));
    private readonly LivingTable _table;
    private readonly AnchorWatch _watch;

    public AnchorWatchTests()
    {
        _table = new LivingTable(
            new FakeLivingHistory { Last = Key.RoomId, Open = [new LivingRoomRow(Key.RoomId, App, Anchor, 1, "room", 1, 0, 0)] },
            new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]), _time);
        _watch = new AnchorWatch(_table, null!, _rooms, _streams, Options.Create(new LivingOptions()), _time);
    }

    [Fact]
    public async Task Without_anchor_and_stream_a_room_is_deserted_after_a_minute()
    {
        await PassAsync(60);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Key, Assert.Single(await _watch.FindDesertedAsync()).Key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_keeps_the_room_open_and_the_minute_counts_from_its_end(bool isAway)
    {
        _streams.Set(Key, new RoomStream(isAway ? StreamState.Away : StreamState.Live, 640, 360));
        await PassAsync(600);
        _streams.Set(Key, default);
        await PassAsync(60);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await _watch.FindDesertedAsync());
    }

    [Fact]
    public async Task An_anchor_who_leaves_after_the_end_of_the_stream_is_waited_for_from_then_on()
    {
        _rooms.Change(Key, room => room.Add(new RoomMember(Fakes.Session(Anchor), room)));
        await PassAsync(600);
        _rooms.Change(Key, room => room.Remove(room.MembersOf(Anchor)[0]));
        await PassAsync(60);
    }

    /// <summary>So many seconds, as the keeper's rounds, in none of which the room is deserted.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _watch.LookIn(_table.Find(Key)!);
            Assert.Empty(await _watch.FindDesertedAsync());
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
