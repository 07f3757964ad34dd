using System.Net;
using System.Net.Sockets;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>Guesses, floods, and who is held back by them.</summary>
public sealed class PasswordTests
{
    [Fact]
    public async Task Thirty_guesses_at_once_verify_five()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var owner = await PageClient.SignUpAsync(server);
        using var guesser = new PageClient(server).Named(owner.Name);
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => guesser.LogInAsync($"a wrong password {i}")));
        AssertFiveVerified(replies);
        Assert.All(replies.Where(r => r.Code != 401), r => Assert.Equal((429, true), (r.Code, r.Http.Headers.RetryAfter?.Delta > TimeSpan.Zero)));
        // The same of a name that is nobody's.
        var nobody = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => guesser.Named("nobody.here").LogInAsync($"a wrong password {i}")));
        AssertFiveVerified(nobody);
    }

    [Fact]
    public async Task Who_locks_a_name_locks_it_for_himself()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Accounts:MaxFailures=2");
        using var owner = await PageClient.SignUpAsync(server);
        using var guesser = From(server, "127.0.0.9");
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(guesser, owner.Name, "wrong password"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(guesser, owner.Name, PageClient.Password));
        using var fresh = new PageClient(server).Named(owner.Name);
        Assert.Equal(200, (await fresh.LogInAsync()).Code);

        // From everywhere: only where one was signed in before.
        for (var i = 10; i < 30; i++)
        {
            using var other = From(server, $"127.0.0.{i}");
            await SignInAsync(other, owner.Name, "wrong password");
        }

        using var stranger = new PageClient(server).Named(owner.Name);
        Assert.Equal(429, (await stranger.LogInAsync()).Code);
        Assert.Equal(200, (await owner.LogInAsync()).Code);
        await owner.OkAsync("/account/logout");
        Assert.Equal(200, (await owner.LogInAsync()).Code);
        // Of another account the mark says nothing.
        using var second = await PageClient.SignUpAsync(server);
        second.Named(owner.Name);
        Assert.Equal(429, (await second.LogInAsync()).Code);
    }

    [Fact]
    public async Task A_flood_of_sign_ups_is_429_and_leaves_the_rest_served()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var taken = await PageClient.SignUpAsync(server);
        var flood = Enumerable.Range(0, 120).Select(async _ =>
        {
            using var client = new PageClient(server);
            return await client.PostAsync("/account/register", ("name", PageClient.NewName()), ("password", PageClient.Password));
        }).ToList();
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/healthz")).StatusCode);
        var replies = await Task.WhenAll(flood);
        Assert.All(replies, r => Assert.Contains(r.Code, new[] { 200, 429 }));
        Assert.Contains(replies, r => r.Code == 200);
        var refused = replies.Where(r => r.Code == 429).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, r => Assert.True(r.Http.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        // Who was refused was no attempt: nothing is locked.
        using var client = new PageClient(server).Named(taken.Name);
        await Wait.UntilAsync(async () => (await client.LogInAsync()).Code == 200, "the queue to be short again");
    }

    [Fact]
    public async Task Calls_of_one_account_over_the_rate_are_429_and_others_go_on()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:CallsPerSecond=1", "Accounts:CallsBurst=10");
        using var client = await PageClient.SignUpAsync(server);
        using var other = await PageClient.SignUpAsync(server);
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => client.PostAsync("/account/profile", ("nickName", $"nick{i}"))));
        Assert.Contains(replies, r => r.Code == 200);
        var refused = replies.First(r => r.Code == 429);
        Assert.InRange(refused.Http.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await other.OkAsync("/home/initPage");
        await Wait.UntilAsync(async () => (await client.PostAsync("/home/initPage")).Code == 200, "the next call");
    }

    [Fact]
    public async Task Likes_of_one_viewer_are_bounded()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:CallsPerSecond=1000", "Accounts:CallsBurst=10000", "Living:MaxLikesPerRequest=5");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var watching = await viewer.ConnectAsync(room);
        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => viewer.PostAsync("/living/like", ("roomId", room), ("count", 1000))));
        var liked = replies.Count(r => r.Code == 200);
        Assert.InRange(liked, 40, 199);
        Assert.Contains(replies, r => r.Code == 429 && r.Http.Headers.RetryAfter is not null);
        Assert.Equal(liked * 5, replies.Where(r => r.Code == 200).Max(r => r.Number("likes")));
        anchor.Dispose();
    }

    /// <summary>Somebody at another address of this machine, without cookies.</summary>
    private static HttpClient From(ServerProcess server, string address) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}"),
    };

    private static async Task<HttpStatusCode> SignInAsync(HttpClient http, string name, string password)
    {
        using var reply = await http.PostAsync("/account/login", PageClient.Json($$"""{"name":"{{name}}","password":"{{password}}"}""")).WaitAsync(Wait.Limit);
        return reply.StatusCode;
    }

    /// <summary>Fewer only where others have the machine, and some were told that they waited too long for their turn.</summary>
    private static void AssertFiveVerified(PageReply[] replies)
    {
        var verified = replies.Count(r => r.Code == 401);
        if (replies.Any(r => r.Msg.Contains("at this moment", StringComparison.Ordinal)))
            Assert.InRange(verified, 1, 5);
        else
            Assert.Equal(5, verified);
    }
}
