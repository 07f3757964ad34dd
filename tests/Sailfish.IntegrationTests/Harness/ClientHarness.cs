using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sailfish.Client;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Client library objects for the real server.</summary>
internal static class ClientHarness
{
    /// <summary>A client that is not connected yet; <paramref name="scheme"/> is tcp, ws or ws+binary.</summary>
    public static SailfishClient Make(ServerProcess server, long userId, string scheme = "tcp", int inboxCapacity = 1024, string? secret = null, Action<JsonObject>? changeToken = null) => new(
        new SailfishClientOptions
        {
            Endpoint = new Uri(scheme == "tcp" ? $"tcp://127.0.0.1:{server.TcpPort}" : $"ws://127.0.0.1:{server.WebSocketPort}/ws"),
            WebSocketBinary = scheme == "ws+binary",
            AppId = server.AppId,
            UserId = userId,
            TokenProvider = _ => ValueTask.FromResult(TestTokens.Mint(server, userId, changeToken, secret)),
            ReconnectMinDelay = TimeSpan.FromMilliseconds(20),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(200),
            InboxCapacity = inboxCapacity,
        });

    /// <summary>A client of a server with TLS, whose certificate only <paramref name="isTrusted"/> can say yes to.</summary>
    public static SailfishClient MakeSecure(ServerProcess server, long userId, string scheme, Func<X509Certificate2, bool> isTrusted) => new(
        new SailfishClientOptions
        {
            Endpoint = new Uri(scheme == "tcps" ? $"tcps://localhost:{server.TcpPort}" : $"wss://localhost:{server.WebSocketPort}/ws"),
            AppId = server.AppId,
            UserId = userId,
            TokenProvider = _ => ValueTask.FromResult(TestTokens.Mint(server, userId)),
            CertificateValidation = (_, certificate, _, _) => isTrusted((X509Certificate2)certificate!),
        });

    public static async Task<SailfishClient> ConnectAsync(ServerProcess server, long userId, string scheme = "tcp", int inboxCapacity = 1024)
    {
        var client = Make(server, userId, scheme, inboxCapacity);
        await client.ConnectAsync().WaitAsync(Wait.Limit);
        return client;
    }

    /// <summary>The contents of the next messages.</summary>
    public static async Task<List<string>> TakeAsync(this SailfishClient client, int count)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<string> contents = [];
        await using var messages = client.Messages(bound.Token).GetAsyncEnumerator();
        while (contents.Count < count && await messages.MoveNextAsync())
            contents.Add(messages.Current.Content!);
        return contents;
    }

    /// <summary>Closes the client; gives what it had not handed out.</summary>
    public static async Task<List<string>> RestAsync(this SailfishClient client)
    {
        await client.CatchUpAsync().WaitAsync(Wait.Limit);
        await client.DisposeAsync();
        return await client.Messages().Select(message => message.Content!).ToListAsync();
    }

    public static List<string> Numbers(int first, int count) => [.. Enumerable.Range(first, count).Select(i => $"{i}")];

    /// <summary>A server on a port that it keeps when it is started again.</summary>
    public static Task<ServerProcess> StartOnFixedPortsAsync(params string[] settings) =>
        ServerProcess.StartAsync([$"Gateway:TcpPort={FreePort.Next()}", $"Gateway:WebSocketPort={FreePort.Next()}", $"Http:Port={FreePort.Next()}", .. settings]);
}
