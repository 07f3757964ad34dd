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
    public async Task Of_many_who_start_under_one_id_at_once_no_two_get_it()
    {
        var rooms = await AtOnceAsync(caller => StartAsync(Row(First, Ann + caller)));
        List<LivingRoomRow> started = [.. rooms.OfType<LivingRoomRow>()];
        Assert.Equal(started.Count, started.Select(room => room.Id).Distinct().Count());
        Assert.Contains(started, room => room.Id == First);
        await NowAndAfterReopeningAsync(() => AssertSame(started, History.LoadOpen()));
        Assert.Equal(started.Max(room => room.Id), History.LastId());
    }

    [Fact]
    public async Task A_room_does_not_start_under_an_id_that_has_messages_but_another_apps_messages_are_nothing_to_it()
    {
        await AppendAsync(Room(First));
        await AppendAsync(Room(First + 1, OtherApp));
        await AppendAsync(ConversationKey.Direct(App, 0, First + 1));
        await ReopenAsync();
        var room = await StartAsync(Row(First)) ?? await StartAsync(Row(First + 1));
        Assert.Equal(First + 1, room!.Id);
        await NowAndAfterReopeningAsync(() =>
        {
            Assert.Equal(room, Assert.Single(History.LoadOpen()));
            Assert.Equal([new IdRange(First, First)], History.LoadSkipped());
        });
    }

    [Fact]
    public async Task Ids_that_were_passed_over_are_known()
    {
        await StartAsync(Row(First + 3));
        await StartAsync(Row(First + 4, Bob));
        await StartAndCloseAsync(Row(First + 6, Carol));
        await StartAsync(Row(First + 10, Carol));
        await NowAndAfterReopeningAsync(() => AssertSame([new(First, First + 2), new(First + 5, First + 5), new(First + 7, First + 9)], History.LoadSkipped()));
    }

    [Fact]
    public async Task Likes_add_up_and_the_highest_peak_stays_and_nothing_else_changes()
    {
        var (room, other) = (await StartAsync(Row(First)), await StartAsync(Row(First + 1, Bob)));
        await SaveAsync(new(First, 5, 3), new(First + 1, Ids.Max, 4), new(First + 2, 1, 1));
        await SaveAsync(new LivingCounts(First, 2, 1));
        await NowAndAfterReopeningAsync(() => AssertSame([room! with { Likes = 7, Peak = 3 }, other! with { Likes = Ids.Max, Peak = 4 }], History.LoadOpen()));
        Assert.Equal(room! with { Likes = 7, Peak = 3 }, await StartAsync(Row(First + 5)));
        await SaveAsync();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task What_an_anchor_writes_on_a_room_is_kept_and_what_is_not_given_stays(string text)
    {
        var room = await StartAsync(Row(First) with { Announcement = text });
        Assert.Equal((text, 0), (room!.Announcement, room.Edition));
        var other = await StartAsync(Row(First + 1, Bob));
        Assert.Equal(room with { Name = text, Edition = 1 }, await EditAsync(First, text, null));
        Assert.Equal(room with { Name = text, Announcement = "", Edition = 2 }, await EditAsync(First, null, ""));
        await NowAndAfterReopeningAsync(() => AssertSame([room with { Name = text, Announcement = "", Edition = 2 }, other!], History.LoadOpen()));
        await CloseAsync(new LivingCounts(First, 0, 0));
        Assert.Null(await EditAsync(First, "late", "late"));
        Assert.Equal(text, Assert.Single(await RecordsAsync()).Name);
    }

    [Fact]
    public async Task Of_many_who_edit_at_once_each_makes_an_edition()
    {
        await StartAsync(Row(First));
        var editions = await AtOnceAsync(caller => EditAsync(First, caller % 2 == 0 ? $"{caller}" : null, $"{caller}"));
        Assert.Equal(Enumerable.Range(1, Callers), editions.Select(room => room!.Edition).Order());
        var last = editions.MaxBy(room => room!.Edition);
        await NowAndAfterReopeningAsync(() => Assert.Equal(last, Assert.Single(History.LoadOpen())));
    }

    [Fact]
    public async Task Of_many_who_save_at_once_each_ones_likes_are_counted()
    {
        var rooms = new[] { await StartAsync(Row(First)), await StartAsync(Row(First + 1, Bob)) };
        await AtOnceAsync(async caller =>
        {
            // In either order.
            LivingCounts[] counts = [new(First, 1, caller), new(First + 1, 2, caller)];
            for (var i = 0; i < 10; i++)
                await SaveAsync(caller % 2 == 0 ? counts : [counts[1], counts[0]]);
        });
        AssertSame([rooms[0]! with { Likes = 10 * Callers, Peak = Callers - 1 }, rooms[1]! with { Likes = 20 * Callers, Peak = Callers - 1 }], History.LoadOpen());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_room_that_closes_gets_into_the_records_and_its_log_ends(string name)
    {
        await StartAsync(Row(First) with { Name = name, Type = 2 });
        await SaveAsync(new LivingCounts(First, 4, 2));
        await AppendAsync(Room(First), Bob);
        var end = await CloseAsync(new LivingCounts(First, 5, 1), Time + 60_001);
        Assert.Equal(2, end.Stored!.Seq);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(History.LoadOpen());
            Assert.Equal(First, History.LastId());
            Assert.Equal(new LivingRecord(First, Ann, 2, name, Time, Time + 60_001, 9, 2), Assert.Single(await RecordsAsync()));
            Assert.True((await AppendAsync(Room(First), Bob)).IsTooLate);
        });
        Assert.NotEqual(First, (await StartAsync(Row(First, Bob)))?.Id);
        Assert.InRange((await StartAsync(Row(First + 1)))!.Id, First + 1, First + 2);
    }

    [Fact]
    public async Task What_is_saved_after_the_end_of_a_room_is_in_its_record()
    {
        await StartAsync(Row(First));
        await CloseAsync(new LivingCounts(First, 9, 2));
        await SaveAsync(new LivingCounts(First, 1, 3));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(History.LoadOpen());
            Assert.Equal((10, 3), (Assert.Single(await RecordsAsync()).Likes, (await RecordsAsync())[0].Peak));
        });
    }

    [Fact]
    public async Task A_room_whose_end_cannot_be_stored_stays_open_and_its_log_goes_on()
    {
        var room = await StartAsync(Row(First));
        var end = End(Time, TestMessage.Unstorable);
        await Living.CloseAsync(new LivingCounts(First, 1, 1), end);
        await end.WhenToldAsync();
        Assert.NotNull(end.Failure);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(room, Assert.Single(History.LoadOpen()));
            Assert.Empty(await RecordsAsync());
            var next = await AppendAsync(Room(First));
            Assert.True(next.Stored is not null, $"{next.IsTooLate} {next.Failure}");
        });
        Assert.NotNull((await CloseAsync(new LivingCounts(First, 0, 0))).Stored);
        Assert.Equal(0, Assert.Single(await RecordsAsync()).Likes);
    }

    [Fact]
    public async Task A_room_closes_once_also_in_a_transaction_that_fails()
    {
        var last = new LivingCounts((await StartAsync(Row(First)))!.Id, 3, 1);
        Submission before = TestMessage.Of(Room(First), Bob), after = TestMessage.Of(Room(First), Bob);
        await TogetherAsync(() => AppendAsync(before), () => CloseAsync(last), () => AppendAsync(after), FailAsync);
        Assert.Equal((1, true), (before.Stored!.Seq, after.IsTooLate));
        Assert.True((await CloseAsync(last, Time + 1)).IsTooLate);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(History.LoadOpen());
            Assert.Equal((Time, 3), (Assert.Single(await RecordsAsync()).EndedAt, (await RecordsAsync())[0].Likes));
            Assert.Equal([1, 2], (await ReadAllAsync(Room(First))).Select(m => m.Seq));
        });
    }

    [Fact]
    public async Task Of_many_who_close_at_once_one_does()
    {
        await StartAsync(Row(First));
        var ends = await AtOnceAsync(caller => CloseAsync(new LivingCounts(First, caller, 0), Time + caller));
        var end = Assert.Single(ends, e => e.Stored is not null);
        Assert.All(ends.Except([end]), late => Assert.True(late.IsTooLate));
        Assert.Equal((end.Time, end.Time - Time), (Assert.Single(await RecordsAsync()).EndedAt, (await RecordsAsync())[0].Likes));
    }

    [Fact]
    public async Task Of_a_room_that_closes_while_counts_are_saved_the_record_has_all_of_them()
    {
        await StartAsync(Row(First));
        await AtOnceAsync(caller => caller == 5 ? CloseAsync(new LivingCounts(First, 100, 3)) : SaveAsync(new LivingCounts(First, 1, caller)));
        Assert.Empty(History.LoadOpen());
        Assert.Equal((100 + Callers - 1, Callers - 1), (Assert.Single(await RecordsAsync()).Likes, (await RecordsAsync())[0].Peak));
    }

    [Fact]
    public async Task An_anchors_records_come_the_newest_first_and_in_pages()
    {
        for (var i = 0; i < 5; i++)
            await StartAndCloseAsync(Row(First + (3 * i)) with { Name = $"{i}" });
        await StartAndCloseAsync(Row(First + 20, Bob));
        await StartAndCloseAsync(Row(First + 21) with { AppId = OtherApp });
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

    [Fact]
    public async Task U0000_in_a_name_harms_no_other()
    {
        var rooms = await AtOnceAsync(async caller =>
        {
            if (caller % 2 == 0)
                return await StartAsync(Row(First + caller, Ann + caller));
            await TryAsync(() => StartAsync(Row(First + caller, Ann + caller) with { Name = "ro\0om" }));
            return null;
        });
        List<LivingRoomRow> started = [.. rooms.OfType<LivingRoomRow>()];
        await NowAndAfterReopeningAsync(() => AssertSame(started, History.LoadOpen().Where(room => (room.AnchorId - Ann) % 2 == 0)));
        Assert.Equal(Callers / 2, started.Count);
    }

    private static Submission End(long time, string data = "{}", long room = First, long app = App) =>
        TestMessage.Of(Room(room, app), ConversationKey.SystemUser, data: data, closes: true, bizCode: BizCodes.RoomEvent, time: time);

    private Task<LivingRoomRow?> StartAsync(LivingRoomRow room) => Living.StartAsync(room, CancellationToken.None);

    private Task<LivingRoomRow?> EditAsync(long room, string? name, string? announcement) => Living.EditAsync(room, name, announcement, CancellationToken.None);

    private Task SaveAsync(params LivingCounts[] counts) => Living.SaveAsync(counts, CancellationToken.None);

    private async Task<Submission> CloseAsync(LivingCounts last, long time = Time, long app = App)
    {
        var end = End(time, room: last.RoomId, app: app);
        await Living.CloseAsync(last, end);
        await end.WhenToldAsync();
        return end;
    }

    private async Task StartAndCloseAsync(LivingRoomRow row) => await CloseAsync(new LivingCounts((await StartAsync(row))!.Id, 0, 0), app: row.AppId);

    private ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(int skip = 0, int take = 100) =>
        History.RecordsAsync(App, Ann, skip, take, CancellationToken.None);
}
