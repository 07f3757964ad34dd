using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Commands;

/// <summary>A server that had some of everything, and the first node of the cluster that its data was moved to by <c>sailfish migrate</c>.</summary>
public sealed class MovedServer : IAsyncLifetime
{
    public const long Ann = 10001;
    public const long Bob = 10002;
    public const long Carol = 10003;
    public const long Banned = 10004;
    public const long Muted = 10005;
    public const long Kicked = 10006;
    public const long Suspended = 10007;
    public const long Vip = 10008;
    public const long Room = 7;

    /// <summary>Used by an app before living rooms were given ids from there on.</summary>
    public const long EarlyRoom = 1_000_001;
    private static readonly string[] Conversations = ["d:10001:10002", "d:0:10003", "r:7", $"r:{EarlyRoom}"];

    private readonly TemporaryDirectory _folder = new();

    public ServerProcess Source { get; private set; } = null!;

    public ServerProcess Target { get; private set; } = null!;

    /// <summary>By conversation, in the order of their seqs, as the server API tells them.</summary>
    public Dictionary<string, IReadOnlyList<string>> Messages { get; } = [];

    /// <summary>What Bob's SYNC brought.</summary>
    public IReadOnlyList<string> BobsUnread { get; private set; } = [];

    public ReceivedFrame SecondReceipt { get; private set; } = null!;

    /// <summary>Minted before the user was kicked.</summary>
    public string RevokedToken { get; private set; } = "";

    public ulong LastConnection { get; private set; }

    /// <summary>Signed in, with a picture.</summary>
    internal PageClient Person { get; private set; } = null!;

    public string PicturePath { get; private set; } = "";

    public byte[] Picture { get; private set; } = [];

    internal PageClient Anchor { get; private set; } = null!;

    public long OpenRoom { get; private set; }

    /// <summary>Of the open room.</summary>
    public byte[] Cover { get; private set; } = [];

    internal PageClient FormerAnchor { get; private set; } = null!;

    public long ClosedRoom { get; private set; }

    /// <summary>What the move said.</summary>
    public string Said { get; private set; } = "";

    /// <summary>The source's database and files by their content, before the move and after it.</summary>
    public (string Before, string After) SourceFiles { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Source = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Content:Words:0=swordfish", "Living:AnchorAwaySeconds=600");
        await TalkAsync();
        await ModerateAsync();
        await UseThePageAsync();
        await NoteAsync();
        await Source.StopAsync();
        await MoveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Person, Anchor, FormerAnchor })
            client.Dispose();
        await Source.DisposeAsync();
        if (Target is not null)
            await Target.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The same browser, before the moved server.</summary>
    internal PageClient AtTarget(PageClient client)
    {
        var moved = new PageClient(Target, client.UserId).Named(client.Name);
        foreach (System.Net.Cookie cookie in client.Cookies.GetAllCookies())
            moved.Cookies.Add(cookie);
        return moved;
    }

    public static async Task<IReadOnlyList<string>> SyncAllAsync(ServerProcess server, long user)
    {
        await using var client = await TestClient.LogInAsync(server, user);
        return [.. (await client.SyncAsync(limit: 500)).Messages().Select(m => m.Body.ToJsonString())];
    }

    private async Task TalkAsync()
    {
        await using var ann = await TestClient.LogInAsync(Source, Ann);
        await using var bob = await TestClient.LogInAsync(Source, Bob);
        for (var i = 1; i <= 5; i++)
        {
            var receipt = await ann.ChatAndReceiptAsync(Bob, $"message {i} 🐟", $"c{i}");
            if (i == 2)
                SecondReceipt = receipt;
        }

        await ann.ChatAsync(Bob, "without a key");
        await ann.FlushAsync();
        await bob.ChatAndReceiptAsync(Ann, "an answer", "c1");
        await bob.AckUpToAsync("d:10001:10002", 3);
        await Wait.UntilAsync(async () => (await Source.UnackedAsync(Bob)).GetValueOrDefault("d:10001:10002") == 3, "the ack");
        foreach (var room in new[] { Room, EarlyRoom })
        {
            await ann.JoinAsync(room);
            for (var i = 1; i <= 3; i++)
            {
                await ann.ChatInRoomAsync(room, $"in {room}: {i}", $"r{i}");
                await ann.ReceiptAsync($"r{i}");
            }
        }

        await ann.ChatAsync(Bob, "swordfish", "refused");
        Assert.Equal("content_refused", (await ann.ReceiveAsync(Code.Error)).Text("error"));
        await Source.Http.PostJsonAsync("/api/v1/messages", $$$"""{"bizCode":5555,"data":{"content":"from the system"},"to":{"user":{{{Carol}}}}}""");
    }

    private async Task ModerateAsync()
    {
        await Source.PostAsync($"api/v1/rooms/{Room}/mute", new JsonObject { ["userId"] = Muted, ["seconds"] = 3600 });
        await Source.PostAsync($"api/v1/rooms/{Room}/kick", new JsonObject { ["userId"] = Banned, ["seconds"] = 3600 });
        RevokedToken = await Source.Http.MintAsync(Kicked);
        await Source.Http.PostJsonAsync($"/api/v1/users/{Kicked}/kick", "{}");
        await Source.Http.PostJsonAsync($"/api/v1/users/{Suspended}/suspend", "{}");
        await Source.Http.PostJsonAsync($"/api/v1/users/{Vip}/tags", """{"tag":"vip"}""");
    }

    private async Task UseThePageAsync()
    {
        Person = await PageClient.SignUpAsync(Source);
        PicturePath = (await Person.UploadAsync(TestPictures.Any, "a.png")).Text("avatar");
        Picture = await PictureAsync(Person);
        (FormerAnchor, ClosedRoom) = await PageClient.GoLiveAsync(Source);
        await FormerAnchor.OkAsync("/living/closeLiving", ("roomId", ClosedRoom));
        (Anchor, OpenRoom) = await PageClient.GoLiveAsync(Source);
        await using (await Person.ConnectAsync(OpenRoom))
            await Person.OkAsync("/living/like", ("roomId", OpenRoom), ("count", 7));
        Assert.Equal(200, (await Anchor.CoverAsync(TestPictures.Jpeg())).Code);
        using var cover = await Anchor.GetAsync($"/live/{OpenRoom}.jpg");
        Cover = await cover.Content.ReadAsByteArrayAsync();
    }

    internal async Task<byte[]> PictureAsync(PageClient client)
    {
        using var answer = await client.GetAsync(PicturePath);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task NoteAsync()
    {
        foreach (var conversation in Conversations)
            Messages[conversation] = await HistoryAsync(Source, conversation);
        BobsUnread = await SyncAllAsync(Source, Bob);
        await using var last = await TestClient.LogInAsync(Source, Vip);
        LastConnection = ulong.Parse(last.LoginReply!.Text("connectionId")!, System.Globalization.CultureInfo.InvariantCulture);
    }

    public static async Task<IReadOnlyList<string>> HistoryAsync(ServerProcess server, string conversation) =>
        [.. (await server.HistoryAsync(conversation)).Select(m => m.Body.ToJsonString())];

    private async Task MoveAsync()
    {
        var database = (await SharedPostgres.ServerAsync()).ConnectionString(await SharedPostgres.NewDatabaseAsync(isEmpty: true));
        var before = Contents();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "sailfish.dll"), "migrate", "--data", Source.DataDir, "--database", database]) { WorkingDirectory = _folder.Path };
        var (exit, output, error) = await ProcessRun.RunAsync(start, TimeSpan.FromSeconds(60));
        Assert.Equal((0, ""), (exit, error));
        (Said, SourceFiles) = (output, (before, Contents()));
        Target = await ServerProcess.StartAsync($"Cluster:Database={database}", "Accounts:AttemptsPerMinute=0", "Living:AnchorAwaySeconds=600");
    }

    private string Contents() => string.Join(
        '\n',
        Directory.GetFiles(Source.DataDir, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
