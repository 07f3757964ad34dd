using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Publishing;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;
using Sailfish.Server.Rooms;
using Sailfish.Tests.Server.Rooms;

namespace Sailfish.Tests.Server.Media;

/// <summary>Live video as the server puts it together, over stores in memory and by a clock of its own. Two anchors have open rooms.</summary>
internal sealed class MediaParts : IDisposable
{
    private const long App = 1;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MediaPump _pump = new(NullLogger<MediaPump>.Instance);
    private readonly SuspensionTable _suspensions;
    private readonly LivingService _living;
    private readonly MediaOptions _media;

    public MediaParts(MediaOptions? media = null)
    {
        _media = media ?? new MediaOptions();
        var (options, apps, store) = (Options.Create(_media), new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]), new Store(Time));
        Metrics = new MediaMetrics(Meters);
        _suspensions = new SuspensionTable(new NoSuspensions(), Time);
        Pages = new PageSessionTable(store, Options.Create(new AccountOptions()), Time, NullLogger<PageSessionTable>.Instance);
        var access = new StreamAccess(new RevocationTable(store, Time), _suspensions, new RoomRestrictions(new NoRestrictions(), Time), Pages);
        var history = new FakeLivingHistory { Last = OtherRoom.RoomId, Open = [Row(Room, Anchor), Row(OtherRoom, Other)] };
        var rooms = new LivingTable(history, apps, Time);
        // It only looks rooms up: what starts and ends them has none of its parts.
        _living = new LivingService(null!, rooms, null!, null!, null!, null!, null!, null!, Options.Create(new LivingOptions()), Time, NullLogger<LivingService>.Instance);
        var secret = new MediaSecret(store, options);
        Assert.True(secret.StartAsync(CancellationToken.None).IsCompletedSuccessfully);
        Keys = new StreamKeys(secret, store, new FakeChanges());
        Streams = new StreamTable(options, _pump, Metrics, Time, NullLogger<StreamTable>.Instance);
        Desk = new PublishDesk(
            Keys, new LoneStreams(Streams), Streams, access, rooms, history, _living, new AccountDirectory(new CountingAccountStore(), apps), _suspensions, apps, new WrongKeys(Time), new ServerState(), options, Metrics, Time);
        Encoders = new RtmpServer(Desk, Metrics, Time, NullLogger<RtmpServer>.Instance);
        Tokens = new StreamTokens(secret, Time);
        Viewers = new ViewerDesk(Streams, Tokens, access, _living, apps, new ServerState(), options, Metrics, Time);
        Sweep = new MediaSweep(Streams, Encoders, Desk, access, Keys, options, Time, NullLogger<MediaSweep>.Instance);
    }

    public static UserKey Anchor { get; } = new(App, 100_001);

    public static RoomKey Room { get; } = new(App, LivingRoom.FirstId);

    public static UserKey Other { get; } = new(App, 100_002);

    public static RoomKey OtherRoom { get; } = new(App, LivingRoom.FirstId + 1);

    public FakeTimeProvider Time { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public MediaMetrics Metrics { get; }

    public PageSessionTable Pages { get; }

    public StreamKeys Keys { get; }

    public StreamTokens Tokens { get; }

    public StreamTable Streams { get; }

    public PublishDesk Desk { get; }

    public RtmpServer Encoders { get; }

    public ViewerDesk Viewers { get; }

    public MediaSweep Sweep { get; }

    /// <summary>The first room's.</summary>
    public LiveStream Stream => Streams.Find(Room)!;

    public async Task<string> KeyAsync(UserKey? anchor = null) => await Keys.KeyOfAsync(anchor ?? Anchor, CancellationToken.None);

    /// <summary>An encoder of the first room, with a picture and sound.</summary>
    public async Task<PipeEncoder> PublishAsync(string address = "192.0.2.1")
    {
        var encoder = await new PipeEncoder(Encoders, address).AskAsync(await KeyAsync());
        await encoder.WriteAsync(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0), TestTags.Inter(40));
        await UntilAsync(StreamState.Live);
        return encoder;
    }

    public Task UntilAsync(StreamState state) => Wait.UntilAsync(() => Stream.State == state, Wait.Limit, () => $"the stream to be {state}");

    /// <summary>Somebody who watches the first room.</summary>
    public Viewer Watch(SlowTransport transport)
    {
        var viewer = new Viewer(Stream, transport, isWebSocket: false, new ViewerPass(null, 0, null, default), _media, Metrics, Time);
        Stream.Viewers.Add(viewer);
        viewer.Start(Stream.Join()!.Value);
        return viewer;
    }

    /// <summary>Lets that time pass, and has a look at everything.</summary>
    public Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Sweep.SweepAsync();
    }

    public void Dispose()
    {
        Sweep.Dispose();
        _pump.Dispose();
        _living.Dispose();
        _suspensions.Dispose();
        _services.Dispose();
    }

    private static LivingRoomRow Row(RoomKey room, UserKey anchor) => new(room.RoomId, App, anchor.UserId, 1, "room", 1, 0, 0);

    /// <summary>Nobody was ever kicked, each session of the page is there until it is removed, and keys are those of the beginning.</summary>
    private sealed class Store(TimeProvider time) : IRevocationStore, IPageSessionStore, IStreamKeyStore
    {
        private readonly HashSet<string> _removed = [];

        public IReadOnlyList<Revocation> LoadAll() => [];

        public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Revocation?)null);

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most) => throw new NotSupportedException();

        public ValueTask<PageSession?> FindAsync(string id)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return new(_removed.Contains(id) ? null : new PageSession(id, Anchor.UserId, now, now, "", ""));
        }

        public ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince) => throw new NotSupportedException();

        public Task TouchAsync(string id, long seenAt) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except)
        {
            _removed.Add(id!);
            return Task.FromResult<IReadOnlyList<string>>([id!]);
        }

        public Task<string> LoadSecretAsync(string made, CancellationToken cancellationToken) => Task.FromResult(made);

        public ValueTask<long> GenerationAsync(UserKey user, CancellationToken cancellationToken) => new(0);

        public Task<long> ResetAsync(UserKey user, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
