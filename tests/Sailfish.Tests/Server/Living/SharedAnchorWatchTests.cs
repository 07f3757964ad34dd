using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Living;

/// <summary>Each node notes its anchors; one of them closes rooms, when it has been calm for long enough.</summary>
public sealed class SharedAnchorWatchTests
{
    private const long App = 1;
    private const long Anchor = 100_001;
    private const long First = LivingRoom.FirstId;
    private static readonly RoomKey Key = new(App, First);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSharedLiving _store = new();
    private readonly HandStreams _streams = new();
    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions()));
    private readonly Leader _leader = new();
    private readonly LivingTable _table;
    private readonly CalmTime _calm;
    private readonly SharedAnchorWatch _watch;

    public SharedAnchorWatchTests()
    {
        _table = new LivingTable(
            new FakeLivingHistory { Last = First, Open = [new LivingRoomRow(First, App, Anchor, 1, "room", 1, 0, 0)] },
            new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]), _time);
        _calm = new CalmTime(_time);
        _watch = new SharedAnchorWatch(_store, _table, _rooms, _streams, _leader, _calm, Options.Create(new LivingOptions()), _time);
    }

    [Fact]
    public async Task An_anchor_who_is_here_is_noted_each_five_seconds_and_no_other()
    {
        await PassAsync(11, _watch.NoteAsync);
        Assert.Empty(_store.Noted);
        Enter(Anchor + 1);
        await PassAsync(11, _watch.NoteAsync);
        Assert.Empty(_store.Noted);
        Enter(Anchor);
        await PassAsync(20, _watch.NoteAsync);
        Assert.InRange(_store.Noted.Count, 4, 5);
        Assert.All(_store.Noted, noted => Assert.Equal([First], noted));
    }

    [Fact]
    public async Task A_room_whose_stream_comes_in_here_is_noted_as_if_its_anchor_were_here_and_one_that_comes_in_elsewhere_is_not()
    {
        _streams.Set(Key, new RoomStream(StreamState.Live, 640, 360));
        await PassAsync(11, _watch.NoteAsync);
        Assert.Empty(_store.Noted);
        _streams.Set(Key, new RoomStream(StreamState.Away, 640, 360, IsHere: true));
        await PassAsync(20, _watch.NoteAsync);
        Assert.InRange(_store.Noted.Count, 4, 5);
    }

    [Fact]
    public async Task A_room_with_a_stream_on_any_node_is_not_deserted()
    {
        _store.Deserted.Add(First);
        await SecondsUntilFoundAsync();
        _streams.Set(Key, new RoomStream(StreamState.Away));
        Assert.Empty(await _watch.FindDesertedAsync());
        _streams.Set(Key, default);
        Assert.Single(await _watch.FindDesertedAsync());
    }

    [Fact]
    public async Task What_could_not_be_noted_is_noted_in_the_next_second()
    {
        Enter(Anchor);
        _store.Failure = new IOException();
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<IOException>(_watch.NoteAsync);
        Assert.Equal(3, _store.Noted.Count);
    }

    [Fact]
    public async Task Who_leads_finds_deserted_rooms_after_fifteen_seconds()
    {
        _store.Deserted.AddRange([First, First + 9]);
        Assert.Equal(15, await SecondsUntilFoundAsync());
        Assert.Equal(First, Assert.Single(await _watch.FindDesertedAsync()).Row.Id);
        Assert.Equal(SharedAnchorWatch.Lead, _leader.Asked);
        Enter(Anchor);
        Assert.Empty(await _watch.FindDesertedAsync());
    }

    [Fact]
    public async Task Who_does_not_lead_finds_none_and_waits_anew_when_it_leads()
    {
        _store.Deserted.Add(First);
        await SecondsUntilFoundAsync();
        _leader.Leads = false;
        await PassAsync(30, async () => Assert.Empty(await _watch.FindDesertedAsync()));
        _leader.Leads = true;
        Assert.Equal(15, await SecondsUntilFoundAsync());
    }

    [Theory]
    [InlineData("the lead")]
    [InlineData("the list")]
    [InlineData("slow")]
    [InlineData("era")]
    [InlineData("given up")]
    public async Task After_an_outage_no_room_closes_for_fifteen_seconds(string what)
    {
        _store.Deserted.Add(First);
        await SecondsUntilFoundAsync();
        switch (what)
        {
            case "the lead":
                _leader.Failure = new IOException();
                await Assert.ThrowsAsync<IOException>(_watch.FindDesertedAsync);
                break;
            case "the list":
                _store.Failure = new IOException();
                await Assert.ThrowsAsync<IOException>(_watch.FindDesertedAsync);
                break;
            case "slow":
                _leader.Asking = () => _time.Advance(TimeSpan.FromSeconds(3));
                Assert.Empty(await _watch.FindDesertedAsync());
                break;
            case "era":
                await ((INodeListener)_calm).EraBegunAsync(CancellationToken.None);
                break;
            default:
                await ((INodeListener)_calm).GivenUpAsync(CancellationToken.None);
                break;
        }

        (_leader.Failure, _leader.Asking, _store.Failure) = (null, null, null);
        Assert.Equal(15, await SecondsUntilFoundAsync());
    }

    private void Enter(long user) => _rooms.Change(new RoomKey(App, First), room => room.Add(new RoomMember(Fakes.Session(user), room)));

    private async Task<int> SecondsUntilFoundAsync()
    {
        var seconds = 0;
        while ((await _watch.FindDesertedAsync()).Count == 0)
        {
            Assert.InRange(++seconds, 1, 100);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return seconds;
    }

    private async Task PassAsync(int seconds, Func<Task> eachSecond)
    {
        for (var i = 0; i < seconds; i++)
        {
            await eachSecond();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Leader : ILeader
    {
        public bool Leads { get; set; } = true;

        public Exception? Failure { get; set; }

        public Action? Asking { get; set; }

        public string? Asked { get; private set; }

        public ValueTask<bool> TryLeadAsync(string name, CancellationToken cancellationToken)
        {
            Asked = name;
            Asking?.Invoke();
            return Failure is null ? new(Leads) : throw Failure;
        }
    }
}
