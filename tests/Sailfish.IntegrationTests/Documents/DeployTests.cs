using System.Diagnostics;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Nodes;

namespace Sailfish.IntegrationTests.Documents;

/// <summary>The files of <c>deploy</c> are taken by the programs that they are for.</summary>
public sealed class DeployTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task HAProxy_takes_its_file()
    {
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(_folder.Path);
        var both = Path.Combine(_folder.Path, "chat.example.org.pem");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(certificate) + await File.ReadAllTextAsync(key));
        var file = await WriteAsync("haproxy.cfg", Read("haproxy.cfg").With("/etc/haproxy/chat.example.org.pem", both));
        await AssertTakenAsync(Find("haproxy"), "-c", "-f", file);
    }

    [Fact]
    public async Task NATS_takes_its_file() => await AssertTakenAsync(Find("nats-server"), "-t", "-c", await WriteAsync("nats.conf", Read("nats.conf")));

    [Fact]
    public async Task PostgreSQL_takes_its_file()
    {
        // Those of the machines are not ours.
        var settings = Lines("postgresql.conf").Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).ToDictionary(pair => pair[0], pair => pair[1].Trim('\''));
        var ours = settings.Where(setting => setting.Key is not ("listen_addresses" or "shared_buffers" or "synchronous_standby_names")).ToList();
        await using var server = await PostgresServer.StartAsync(fsync: false, [.. ours.Select(setting => $"{setting.Key}={setting.Value}")]);
        foreach (var (name, value) in ours)
            Assert.Equal(value, await server.SqlAsync($"SHOW {name}"));
        await server.SqlAsync($"ALTER SYSTEM SET synchronous_standby_names = '{settings["synchronous_standby_names"]}'");
    }

    [Fact]
    public async Task The_server_takes_the_settings_of_a_node()
    {
        var settings = Lines("sailfish.env").Select(line => line.Split('=', 2)).ToList();
        var cluster = settings.Where(setting => setting[0].StartsWith("Sailfish__Cluster__", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(cluster);
        foreach (var setting in cluster)
            Assert.NotNull(typeof(ClusterOptions).GetProperty(setting[0].Split("__")[^1]));
        // Neither its database nor its address is here.
        var others = settings.Except(cluster).Where(setting => setting[0] != "Sailfish__Bind");
        var (exit, _, error) = await ServerProcess.RunProgramAsync(_folder.Path, ["check", .. others.Select(setting => $"--{setting[0].With("__", ":")}={setting[1]}")]);
        Assert.Equal((0, ""), (exit, error));
    }

    [Fact]
    public void The_unit_checks_and_starts_the_same_program_with_the_files_that_the_guide_names()
    {
        var unit = Lines("sailfish.service");
        var start = Assert.Single(unit, line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];
        Assert.Contains($"ExecStartPre={start} check", unit);
        var guide = File.ReadAllText(SourceTree.PathOf("docs/operations.md"));
        foreach (var path in new[] { "/etc/sailfish/sailfish.env", "/opt/sailfish", "/var/lib/sailfish" })
        {
            Assert.Contains(path, guide);
            Assert.Contains(unit, line => line.Contains(path, StringComparison.Ordinal));
        }
    }

    private static string Read(string name) => File.ReadAllText(SourceTree.PathOf($"deploy/{name}"));

    private static List<string> Lines(string name) => [.. Read(name).Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    private static string Find(string program) => new[] { "/usr/sbin", "/usr/bin" }.Select(folder => Path.Combine(folder, program)).First(File.Exists);

    private static async Task AssertTakenAsync(string program, params string[] arguments)
    {
        var (exit, output, error) = await ProcessRun.RunAsync(new ProcessStartInfo(program, arguments), Wait.Limit);
        Assert.True(exit == 0, $"{output}{error}");
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
