using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// An anchor has one open room at a time, under an id that is given out once and has no messages before; which ids were
/// passed over is known. Its end is one with that of its log: both are stored, or neither.
/// </summary>
public abstract class LivingConformance : StoreConformance
{
    private const long First = LivingRoom.FirstId;

    private ILivingStore Living => Stores.Living;

    private ILivingHistory History => Stores.LivingHistory;

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_room_is_open_from_its_start_on(string name)
    {
        Assert.Empty(History.LoadOpen());
        Assert.Equal(First - 1, History.LastId());
        var room = Row(First, Ids.Max) with { Name = name, Type = 2 };
        Assert.Equal(room, await StartAsync(room));
        await NowAndAfterReopeningAsync(() =>
        {
            Assert.Equal(room, Assert.Single(History.LoadOpen()));
            Assert.Equal(First, History.LastId());
        });
    }

    [Fact]
    public async Task An_anchor_has_one_room_open_in_an_app()
    {
        var room = await StartAsync(Row(First));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(room, await StartAsync(Row(First + 5) with { Name = "another", StartedAt = Time + 9 }));
            Assert.Equal(First, History.LastId());
            Assert.Empty(History.LoadSkipped());
        });
        var others = new[] { Row(First + 1, Bob), Row(First + 2) with { AppId = OtherApp } };
        foreach (var other in others)
            Assert.Equal(other, await StartAsync(other));
        AssertSame([room!, .. others], History.LoadOpen());
    }

    [Fact]
    public async Task Of_many_starts_of_one_anchor_at_once_all_have_the_same_room()
    {
        var rooms = await AtOnceAsync(caller => StartAsync(Row(First + caller) with { Name = $"{caller}" }));
        var room = Assert.Single(rooms.Distinct());
        await NowAndAfterReopeningAsync(() => Assert.Equal(room, Assert.Single(History.LoadOpen())));
        Assert.Equal(room!.Id, History.LastId());
        var skipped = History.LoadSkipped();
        Assert.Equal(room.Id - First, skipped.Sum(range => range.Last - range.First + 1));
    }

    [Fact]
    public async Task A_room_whose_id_has_messages_does_not_start_but_another_apps_messages_are_nothing_to_it()
    {
        await AppendAsync(Room(First));
        await AppendAsync(Room(First + 1, OtherApp));
        await AppendAsync(ConversationKey.Direct(App, 0, First + 1));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Null(await StartAsync(Row(First)));
            Assert.Empty(History.LoadOpen());
            Assert.Equal(First - 1, History.LastId());
        });
        Assert.NotNull(await StartAsync(Row(First + 1)));
        Assert.Equal([new IdRange(First, First)], History.LoadSkipped());
    }

    [Fact]
    public async Task Ids_that_were_passed_over_are_known()
    {
        await StartAsync(Row(First + 3));
        await StartAsync(Row(First + 4, Bob));
        await StartAsync(Row(First + 6, Carol));
        await CloseAsync(Row(First + 6, Carol));
        await StartAsync(Row(First + 10, Carol));
        await NowAndAfterReopeningAsync(() => AssertSame([new(First, First + 2), new(First + 5, First + 5), new(First + 7, First + 9)], History.LoadSkipped()));
    }

    [Fact]
    public async Task Likes_and_peaks_are_stored_and_nothing_else()
    {
        var (room, other) = (await StartAsync(Row(First)), await StartAsync(Row(First + 1, Bob)));
        await SaveAsync(room! with { Likes = 7, Peak = 3, Name = "x", StartedAt = 1 }, other! with { Likes = long.MaxValue, Peak = 4 }, Row(First + 2, Carol));
        await NowAndAfterReopeningAsync(() => AssertSame([room! with { Likes = 7, Peak = 3 }, other! with { Likes = long.MaxValue, Peak = 4 }], History.LoadOpen()));
        Assert.Equal(room! with { Likes = 7, Peak = 3 }, await StartAsync(Row(First + 5)));
        await SaveAsync();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_room_that_closes_gets_into_the_records_and_its_log_ends(string name)
    {
        var room = await StartAsync(Row(First) with { Name = name, Type = 2 });
        await AppendAsync(Room(First), Bob);
        var end = await CloseAsync(room! with { Likes = 9, Peak = 2 }, Time + 60_001);
        Assert.Equal(2, end.Stored!.Seq);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(History.LoadOpen());
            Assert.Equal(First, History.LastId());
            Assert.Equal(new LivingRecord(First, Ann, 2, name, Time, Time + 60_001, 9, 2), Assert.Single(await RecordsAsync()));
            Assert.True((await AppendAsync(Room(First), Bob)).IsTooLate);
            await SaveAsync(room! with { Likes = 10 });
            Assert.Empty(History.LoadOpen());
        });
        Assert.Equal(9, (await RecordsAsync())[0].Likes);
        Assert.Null(await StartAsync(Row(First, Bob)));
        Assert.Equal(First + 1, (await StartAsync(Row(First + 1)))!.Id);
    }

    [Fact]
    public async Task A_room_whose_end_cannot_be_stored_stays_open_and_its_log_goes_on()
    {
        var room = await StartAsync(Row(First));
        var end = End(Time, TestMessage.Unstorable);
        await Living.CloseAsync(room!, end);
        await end.WhenToldAsync();
        Assert.NotNull(end.Failure);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(room, Assert.Single(History.LoadOpen()));
            Assert.Empty(await RecordsAsync());
            Assert.NotNull((await AppendAsync(Room(First))).Stored);
        });
        Assert.NotNull((await CloseAsync(room!)).Stored);
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task A_room_closes_once_also_in_a_transaction_that_fails()
    {
        var room = await StartAsync(Row(First));
        Submission before = TestMessage.Of(Room(First), Bob), after = TestMessage.Of(Room(First), Bob);
        await TogetherAsync(() => AppendAsync(before), () => CloseAsync(room!), () => AppendAsync(after), FailAsync);
        Assert.Equal((1, true), (before.Stored!.Seq, after.IsTooLate));
        Assert.True((await CloseAsync(room!, Time + 1)).IsTooLate);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(History.LoadOpen());
            Assert.Equal(Time, Assert.Single(await RecordsAsync()).EndedAt);
            Assert.Equal([1, 2], (await ReadAllAsync(Room(First))).Select(m => m.Seq));
        });
    }

    [Fact]
    public async Task Of_many_who_close_at_once_one_does()
    {
        var room = await StartAsync(Row(First));
        var ends = await AtOnceAsync(caller => CloseAsync(room! with { Likes = caller }, Time + caller));
        var end = Assert.Single(ends, e => e.Stored is not null);
        Assert.All(ends.Except([end]), late => Assert.True(late.IsTooLate));
        Assert.Equal((end.Time, end.Time - Time), (Assert.Single(await RecordsAsync()).EndedAt, (await RecordsAsync())[0].Likes));
    }

    [Fact]
    public async Task Of_a_room_that_closes_while_counts_are_saved_the_record_has_those_of_its_end()
    {
        var room = await StartAsync(Row(First));
        await AtOnceAsync(caller => caller == 5 ? CloseAsync(room! with { Likes = 100 }) : SaveAsync(room! with { Likes = caller }));
        Assert.Empty(History.LoadOpen());
        Assert.Equal(100, Assert.Single(await RecordsAsync()).Likes);
    }

    [Fact]
    public async Task An_anchors_records_come_the_newest_first_and_in_pages()
    {
        for (var i = 0; i < 5; i++)
            await CloseAsync((await StartAsync(Row(First + (3 * i)) with { Name = $"{i}" }))!);
        await CloseAsync((await StartAsync(Row(First + 20, Bob)))!);
        await CloseAsync((await StartAsync(Row(First + 21) with { AppId = OtherApp }))!);
        await StartAsync(Row(First + 22));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(["4", "3", "2", "1", "0"], (await RecordsAsync()).Select(r => r.Name));
            Assert.Equal(["3", "2"], (await RecordsAsync(1, 2)).Select(r => r.Name));
            Assert.Equal(["0"], (await RecordsAsync(4, 2)).Select(r => r.Name));
            Assert.Empty(await RecordsAsync(5, 2));
            Assert.Equal(First + 21, Assert.Single(await History.RecordsAsync(OtherApp, Ann, 0, 10, CancellationToken.None)).Id);
        });
        Assert.Equal(First + 22, History.LastId());
    }

    private static LivingRoomRow Row(long id, long anchor = Ann) => new(id, App, anchor, 1, "room", Time, 0, 0);

    private static Submission End(long time, string data = "{}", LivingRoomRow? room = null) => TestMessage.Of(
        Room(room?.Id ?? First, room?.AppId ?? App), ConversationKey.SystemUser, data: data, closes: true, bizCode: BizCodes.RoomEvent, time: time);

    private Task<LivingRoomRow?> StartAsync(LivingRoomRow room) => Living.StartAsync(room, CancellationToken.None);

    private Task SaveAsync(params LivingRoomRow[] rooms) => Living.SaveAsync(rooms, CancellationToken.None);

    private async Task<Submission> CloseAsync(LivingRoomRow room, long time = Time)
    {
        var end = End(time, room: room);
        await Living.CloseAsync(room, end);
        await end.WhenToldAsync();
        return end;
    }

    private ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(int skip = 0, int take = 100) =>
        History.RecordsAsync(App, Ann, skip, take, CancellationToken.None);
}
