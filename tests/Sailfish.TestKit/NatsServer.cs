using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sailfish.TestKit;

/// <summary>
/// A real nats-server, Debian's, as an ordinary process, and with what faults need: it can be killed, held, and started again
/// on the same port. It ends with the process that started it, however that ends.
/// </summary>
public sealed class NatsServer : IAsyncDisposable
{
    private const string Binary = "nats-server";

    /// <summary>
    /// Says the server's process, then waits until nobody holds the other end of its input any more, and ends it. What a terminal
    /// tells all processes at once does not.
    /// </summary>
    private const string Guard =
        """
        trap '' INT TERM HUP
        "$@" &
        echo $!
        read -r line
        kill -KILL $!
        """;

    private readonly TemporaryDirectory _folder = new();
    private readonly StringBuilder _said = new();
    private Process? _guard;
    private string _process = "";

    private NatsServer()
    {
    }

    /// <summary>Where Debian's package, or who built it, puts the program; null where it is not installed.</summary>
    public static string? Program =>
        new[] { "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin" }.Select(at => Path.Combine(at, Binary)).FirstOrDefault(File.Exists);

    public int Port { get; } = FreePort.Next();

    /// <summary>Where it is, without credentials.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{Port}");

    private string Configuration => Path.Combine(_folder.Path, "nats.conf");

    private string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <param name="configuration">More lines of its configuration, such as <c>authorization { token: "secret" }</c>.</param>
    public static async Task<NatsServer> StartAsync(params string[] configuration)
    {
        var server = new NatsServer();
        try
        {
            await server.StartAgainAsync(configuration);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it after it was killed, with the configuration that it had.</summary>
    public Task StartAgainAsync() => LaunchAsync();

    /// <summary>Starts it after it was killed, with another configuration.</summary>
    public Task StartAgainAsync(params string[] configuration)
    {
        File.WriteAllLines(
            Configuration,
            [string.Create(CultureInfo.InvariantCulture, $"listen: 127.0.0.1:{Port}"), "write_deadline: \"2s\"", .. configuration]);
        return LaunchAsync();
    }

    /// <summary>It is gone at once, and its connections are cut.</summary>
    public async Task KillAsync()
    {
        if (_guard is not { } guard)
            return;
        _guard = null;
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    /// <summary>Holds it: connections stand, and nobody answers.</summary>
    public void Hold() => Signal("STOP");

    public void GoOn() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private static string Find() => Program ?? throw new InvalidOperationException($"{Binary} is not installed; ./test installs it on Debian.");

    private async Task LaunchAsync()
    {
        var start = new ProcessStartInfo("sh", ["-c", Guard, "guard", Find(), "-c", Configuration])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _guard = Process.Start(start)!;
        _guard.ErrorDataReceived += (_, line) => Note(line.Data);
        _guard.BeginErrorReadLine();
        _process = await _guard.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{Binary} did not start: {Said}");
        await Wait.UntilAsync(IsGreetingAsync, $"{Binary} to take connections; it said: {Said}");
    }

    /// <summary>It says INFO to who connects.</summary>
    private async Task<bool> IsGreetingAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return await client.GetStream().ReadAsync(new byte[1]) == 1;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process]);
        kill.WaitForExit();
    }

    private void Note(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
