using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>An open room has at most one cover, which goes with it. One that was chosen stays until another is, or it is let go.</summary>
public abstract class CoverConformance : StoreConformance
{
    private const long First = LivingRoom.FirstId;

    private ICoverStore Covers => Stores.Covers;

    [Fact]
    public async Task A_cover_comes_back_as_it_went_in()
    {
        await StartAsync();
        Assert.Null(await FindAsync());
        var cover = Cover.Of(TestPicture.Jpeg(1, 200 * 1024));
        Assert.True(await Covers.SaveAsync(First, cover, isChosen: false));
        await NowAndAfterReopeningAsync(async () =>
        {
            var found = await FindAsync();
            Assert.Equal(cover.Name, found!.Name);
            Assert.Equal(cover.Content, found.Content);
            Assert.Equal(new CoverHead(First, cover.Name, false), Assert.Single(await ListAsync()));
        });
    }

    [Fact]
    public async Task The_cover_before_goes_and_those_of_other_rooms_stay()
    {
        await StartAsync();
        await StartAsync(First + 1, Bob);
        foreach (var (room, number) in new[] { (First, 1), (First + 1, 1), (First, 2) })
            Assert.True(await Covers.SaveAsync(room, Of(number), isChosen: false));
        await NowAndAfterReopeningAsync(async () => AssertSame([new(First, Of(2).Name, false), new CoverHead(First + 1, Of(1).Name, false)], await ListAsync()));
    }

    [Fact]
    public async Task None_is_kept_for_a_room_that_is_not_open()
    {
        Assert.False(await Covers.SaveAsync(First, Of(1), isChosen: true));
        await Covers.LetGoAsync(First);
        Assert.Empty(await ListAsync());
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task A_chosen_cover_stays_until_another_is_chosen_or_it_is_let_go()
    {
        await StartAsync();
        Assert.True(await Covers.SaveAsync(First, Of(1), isChosen: false));
        Assert.True(await Covers.SaveAsync(First, Of(2), isChosen: true));
        Assert.False(await Covers.SaveAsync(First, Of(3), isChosen: false));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(new CoverHead(First, Of(2).Name, true), Assert.Single(await ListAsync()));
            Assert.Equal(Of(2).Content, (await FindAsync())!.Content);
        });
        Assert.True(await Covers.SaveAsync(First, Of(4), isChosen: true));
        await Covers.LetGoAsync(First);
        Assert.Equal(new CoverHead(First, Of(4).Name, false), Assert.Single(await ListAsync()));
        Assert.True(await Covers.SaveAsync(First, Of(5), isChosen: false));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(new CoverHead(First, Of(5).Name, false), Assert.Single(await ListAsync())));
    }

    [Fact]
    public async Task A_cover_goes_with_its_room()
    {
        await StartAsync();
        await StartAsync(First + 1, Bob);
        Assert.True(await Covers.SaveAsync(First, Of(1), isChosen: true));
        Assert.True(await Covers.SaveAsync(First + 1, Of(2), isChosen: true));
        var end = TestMessage.Of(Room(First), ConversationKey.SystemUser, closes: true, bizCode: BizCodes.RoomEvent, time: Time);
        await Stores.Living.CloseAsync(new LivingCounts(First, 0, 0), end);
        await end.WhenToldAsync();
        Assert.NotNull(end.Stored);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Null(await FindAsync());
            Assert.Equal(First + 1, Assert.Single(await ListAsync()).RoomId);
        });
        Assert.False(await Covers.SaveAsync(First, Of(1), isChosen: true));
    }

    [Fact]
    public async Task Of_many_at_once_one_stays_and_a_chosen_one_if_there_was_any()
    {
        await StartAsync();
        await AtOnceAsync(async caller =>
        {
            for (var i = 0; i < 5; i++)
                await Covers.SaveAsync(First, Of(caller), isChosen: caller == 3);
        });
        await NowAndAfterReopeningAsync(async () => Assert.Equal(new CoverHead(First, Of(3).Name, true), Assert.Single(await ListAsync())));
    }

    private static Cover Of(int number) => Cover.Of(TestPicture.Jpeg((byte)number));

    private Task<LivingRoomRow?> StartAsync(long id = First, long anchor = Ann) => Stores.Living.StartAsync(new LivingRoomRow(id, App, anchor, 1, "name", Time, 0, 0), CancellationToken.None);

    private ValueTask<Cover?> FindAsync() => Covers.FindAsync(First, CancellationToken.None);

    private ValueTask<IReadOnlyList<CoverHead>> ListAsync() => Covers.ListAsync(CancellationToken.None);
}
