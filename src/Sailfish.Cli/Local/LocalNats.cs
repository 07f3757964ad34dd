using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Sailfish.Cli.Local;

/// <summary>The bus of a local cluster, where it is NATS: for this machine alone, and for who knows its token.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalNats : IAsyncDisposable
{
    private const string Program = "nats-server";

    /// <summary>Servers stand where the path of a user who is not root often does not lead.</summary>
    private static readonly string[] MoreFolders = ["/usr/sbin", "/usr/local/sbin"];

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly LastLines _said = new();
    private readonly string _token = RandomNumberGenerator.GetHexString(32);
    private readonly int _port = FreePort.Next();

    private LocalNats(string program, string folder, Guard guard)
    {
        var settings = Path.Combine(folder, "nats.conf");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $$"""
            listen: 127.0.0.1:{{_port}}
            write_deadline: "2s"
            authorization { token: "{{_token}}" }

            """));
        Server = new Child("NATS", new ProcessStartInfo(program, ["-c", settings]), guard, _said.Add);
    }

    public Child Server { get; }

    /// <summary>For a node.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"nats://{_token}@127.0.0.1:{_port}");

    /// <summary>Where it is installed; says how to get it where it is not.</summary>
    public static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(MoreFolders);
        return folders.Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists)
            ?? throw new CliException($"{Program} is not installed; on Debian: apt-get install {Program}");
    }

    public static async Task<LocalNats> StartAsync(string program, LocalFolder folder, Guard guard, CancellationToken cancellation)
    {
        var nats = new LocalNats(program, folder.Make("nats"), guard);
        try
        {
            while (!await nats.IsListeningAsync(cancellation))
                await Task.Delay(BetweenLooks, cancellation);
            return nats;
        }
        catch
        {
            await nats.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync(Signal.Terminate, StopLimit);
        Server.Dispose();
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellation)
    {
        if (Server.Exit.IsCompleted)
            throw new CliException($"NATS did not start: {_said}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
