using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("-h", "Usage:")]
    [InlineData("--version", "0.")]
    public async Task A_question_is_answered_and_nothing_starts(string question, string answer)
    {
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, question);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(answer, output);
        AssertNothingMade();
    }

    [Theory]
    [InlineData("chekc", "check")]
    [InlineData("help", "--help")]
    [InlineData("--DataDir=/x", "--Sailfish:DataDir")]
    [InlineData("--Sailfsh:DataDir=/x", "--Sailfish:DataDir")]
    [InlineData("--sailfish", "--Sailfish:…=…")]
    [InlineData("--Sailfish.DataDir=/x", "--Sailfish:DataDir")]
    [InlineData("Sailfish:DataDir=/x", "--Sailfish:DataDir")]
    [InlineData("--Logging:LogLevl:Default=Debug", "--Logging:LogLevel:Default")]
    [InlineData("--vresion", "--version")]
    [InlineData("stray", "--help")]
    [InlineData("word", "--Sailfish:Content:Words")]
    [InlineData("--urls=http://*:80", "--help")]
    [InlineData("@file", "--help")]
    [InlineData("--", "--help")]
    [InlineData("[suggest]", "--help")]
    [InlineData("[diagram]", "--help")]
    public async Task An_argument_that_is_not_understood_stops_the_start_and_is_named_with_what_may_be_meant(string argument, string near)
    {
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, "--Sailfish:Http:Port=0", argument);
        Assert.Equal("", output);
        StartErrors.AssertOneLine((exit, error), argument);
        Assert.Contains(near, error);
        AssertNothingMade();
    }

    [Theory]
    [InlineData("--Sailfsh:DataDir=/x")]
    [InlineData("--version")]
    [InlineData("--force")]
    public async Task A_folder_of_a_backup_that_looks_like_an_option_is_not_understood(string argument)
    {
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, "backup", argument);
        Assert.Equal("", output);
        StartErrors.AssertOneLine((exit, error), argument);
        Assert.Contains("is not understood", error);
        AssertNothingMade();
    }

    [Theory]
    [InlineData("--Sailfish:DataDir")]
    [InlineData("--Sailfish:DataDir", "--Sailfish:Http:Port=0")]
    public async Task A_setting_without_a_value_stops_the_start(params string[] arguments)
    {
        var (exit, _, error) = await ServerProcess.RunProgramAsync(_folder.Path, arguments);
        StartErrors.AssertOneLine((exit, error), "--Sailfish:DataDir has no value");
        AssertNothingMade();
    }

    [Fact]
    public async Task A_backup_without_a_folder_says_what_it_needs()
    {
        var (exit, _, error) = await ServerProcess.RunProgramAsync(_folder.Path, "backup");
        StartErrors.AssertOneLine((exit, error), "backup <folder>");
        AssertNothingMade();
    }

    [Fact]
    public async Task What_stands_behind_a_wrong_key_that_sounds_secret_is_not_shown()
    {
        var (exit, _, error) = await ServerProcess.RunProgramAsync(_folder.Path, "--TokenSecret=swordfish");
        StartErrors.AssertOneLine((exit, error), "--TokenSecret");
        Assert.DoesNotContain("swordfish", error);
    }

    [Fact]
    public async Task A_check_prints_the_settings_from_all_sources_without_secrets_and_makes_nothing()
    {
        File.WriteAllText(
            Path.Combine(_folder.Path, "appsettings.json"),
            """{"Sailfish":{"Rooms":{"MaxPerConnection":7},"Apps":[{"AppId":5,"TokenSecret":"secret-secret-secret-secret-secret-secret","ApiKey":"key-key-key-key-key"}],"Content":{"Words":["one","two"]},"Http":{"AllowedHosts":["one.example","two.example"]}}}""");
        var (exit, output, error) = await ServerProcess.RunProgramAsync(
            _folder.Path, "check", "--Sailfish:Gateway:TcpPort", "7001", "--Sailfish:Telemetry:OtlpEndpoint=http://me:hidden@collector:4317", "--Sailfish:DataDir=some/where");
        Assert.Equal((0, ""), (exit, error));
        var lines = output.Split('\n');
        foreach (var line in new[]
        {
            "Sailfish:Rooms:MaxPerConnection = 7", "Sailfish:Gateway:TcpPort = 7001", "Sailfish:Gateway:WebSocketPort = 8086", "Sailfish:DataDir = some/where",
            "Sailfish:Apps:0:AppId = 5", "Sailfish:Apps:0:TokenSecret = (not shown)", "Sailfish:Apps:0:ApiKey = (not shown)",
            "Sailfish:Content:Words = (not shown)", "Sailfish:Http:AllowedHosts:1 = two.example",
            "Sailfish:Http:Tls = (none)",
        })
            Assert.Contains(line, lines);
        foreach (var secret in new[] { "secret-", "key-key", "hidden" })
            Assert.DoesNotContain(secret, output);
        Assert.Equal(["appsettings.json"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("Sailfish:Gateway:TcpPrt", "--Sailfish:Gateway:TcpPrt=1")]
    [InlineData("Sailfish:Gateway:TcpPort: 'x' is no whole number", "--Sailfish:Gateway:TcpPort=x")]
    [InlineData("Sailfish:Gateway:TcpPort: The field TcpPort must be between", "--Sailfish:Gateway:TcpPort=65536")]
    [InlineData("Sailfish:Content:Action: 'burn' is none of Refuse, Mask", "--Sailfish:Content:Action=burn")]
    [InlineData("Sailfish:Rooms:JoinUnlisted: 'maybe' is neither true nor false", "--Sailfish:Rooms:JoinUnlisted=maybe")]
    [InlineData("Sailfish:Gateway is a section", "--Sailfish:Gateway=5")]
    [InlineData("Sailfish:DataDir:Deep is not known", "--Sailfish:DataDir:Deep=5")]
    [InlineData("Sailfish:Bind", "--Sailfish:Bind=example.org")]
    [InlineData("Sailfish:Http:Tls", "--Sailfish:Http:Tls:CertificateFile=/nowhere")]
    [InlineData("Sailfish:Gateway:TcpTls:CertificateFile", "--Sailfish:Gateway:TcpTls:KeyFile=/nowhere")]
    [InlineData("Sailfish:Gateway:WebSocketTls", "--Sailfish:Gateway:WebSocketTls:CertificateFile=/etc/hostname", "--Sailfish:Gateway:WebSocketTls:KeyFile=/etc/hostname")]
    [InlineData("Sailfish:DataDir", "--Sailfish:DataDir=/dev/null/data")]
    [InlineData("Sailfish:DataDir", "--Sailfish:DataDir=/etc/hostname")]
    [InlineData("Sailfish:Content:WordFile", "--Sailfish:Content:WordFile=/nowhere")]
    [InlineData("Sailfish:Apps:0:TokenSecret", "--Sailfish:Apps:0:AppId=1", "--Sailfish:Apps:0:TokenSecret=short")]
    public async Task A_check_says_what_would_stop_a_start_and_so_does_the_start(string named, params string[] settings)
    {
        foreach (var arguments in new[] { ["check", .. settings], settings })
        {
            var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, arguments);
            Assert.Equal("", output);
            StartErrors.AssertOneLine((exit, error), named);
            // Nothing of the program's inside.
            Assert.DoesNotMatch("Options|System\\.|Sailfish\\.Server", error);
        }

        AssertNothingMade();
    }

    [Fact]
    public async Task A_check_needs_no_lock_and_looks_at_the_secrets_that_are_there()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        var (exit, output, _) = await ServerProcess.RunProgramAsync(_folder.Path, "check", $"--Sailfish:DataDir={_folder.Path}");
        Assert.Equal(0, exit);
        Assert.DoesNotContain(server.ApiKey, output);
        await server.StopAsync();
        File.WriteAllText(Path.Combine(_folder.Path, "secrets.json"), "{");
        var broken = await ServerProcess.RunProgramAsync(_folder.Path, "check", $"--Sailfish:DataDir={_folder.Path}");
        StartErrors.AssertOneLine((broken.ExitCode, broken.Error), "secrets.json");
    }

    [Fact]
    public async Task A_check_says_what_a_start_makes()
    {
        var (exit, output, error) = await CheckAsync(Path.Combine(_folder.Path, "data"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal([$"There is no data folder {_folder.Path}/data yet: a start makes it.", $"There is no database {_folder.Path}/data/sailfish.db yet: a start makes it."], output);
        AssertNothingMade();
    }

    [Fact]
    public async Task A_check_opens_the_database_whether_a_server_runs_was_killed_or_has_stopped_and_leaves_all_as_it_is()
    {
        var database = Path.Combine(_folder.Path, "sailfish.db");
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        await using (var client = await TestClient.LogInAsync(server, 10001))
        {
            await client.ChatAsync(10002, "before", "c1");
            await client.ReceiveAsync(Code.Receipt);
            await AssertOpensAsync();
            await client.ChatAsync(10002, "after", "c2");
            await client.ReceiveAsync(Code.Receipt);
        }

        await server.KillAsync();
        await AssertOpensAsync();
        await server.StartAgainAsync();
        await server.StopAsync();
        await AssertOpensAsync();
        Assert.Equal(2, server.Sql("SELECT count(*) FROM message", c => (long)c.ExecuteScalar()!));

        async Task AssertOpensAsync()
        {
            var before = Entries();
            var (exit, output, error) = await CheckAsync(_folder.Path);
            Assert.Equal((0, ""), (exit, error));
            Assert.Equal($"The data folder {_folder.Path} can be written to.", output[0]);
            Assert.Matches($"^The database {database} can be opened; its version is [0-9]+, this program's\\.$", output[1]);
            Assert.Equal(before, Entries());
        }
    }

    [Fact]
    public async Task A_check_leaves_an_older_database_as_it_is_and_refuses_a_newer_one()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        await server.StopAsync();
        var database = Path.Combine(_folder.Path, "sailfish.db");
        var newest = server.Sql("SELECT max(number) FROM migration", c => (long)c.ExecuteScalar()!);
        server.Sql($"DELETE FROM migration WHERE number = {newest}");
        var older = await File.ReadAllBytesAsync(database);
        var (exit, output, _) = await CheckAsync(_folder.Path);
        Assert.Equal(0, exit);
        Assert.Equal($"The database {database} can be opened; its version is {newest - 1}, and a start brings it to {newest}.", output[1]);
        Assert.Equal(older, await File.ReadAllBytesAsync(database));
        server.Sql("INSERT INTO migration VALUES (99)");
        var newer = await CheckAsync(_folder.Path);
        StartErrors.AssertOneLine((newer.Exit, newer.Error), $"The database {database} was written by a newer version (migration 99, this one knows {newest}).");
    }

    [Fact]
    public async Task A_check_says_what_is_no_database()
    {
        var database = Path.Combine(_folder.Path, "sailfish.db");
        File.WriteAllText(database, "this is no database, and long enough to be looked at as one by its first hundred bytes, which it has now");
        var (exit, _, error) = await CheckAsync(_folder.Path);
        StartErrors.AssertOneLine((exit, error), $"The database {database} cannot be opened: ");
        Assert.Equal(["sailfish.db"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_check_of_a_node_says_whether_the_database_can_be_used_and_not_how_to_get_into_it()
    {
        const string Secret = "swordfish";
        var postgres = await SharedPostgres.ServerAsync();
        var (empty, made) = (await SharedPostgres.NewDatabaseAsync(isEmpty: true), await SharedPostgres.NewDatabaseAsync());
        foreach (var (database, says) in new[] { (empty, "is empty: a start makes the tables."), (made, "can be used; its version is [0-9]+, this program's.") })
        {
            var (exit, output, error) = await CheckNodeAsync($"{postgres.ConnectionString(database)};Password={Secret}");
            Assert.Equal((0, ""), (exit, error));
            Assert.Matches($"^The database of Sailfish:Cluster:Database {says}$", output.TrimEnd('\n').Split('\n')[^1]);
            Assert.Contains("Sailfish:Cluster:Database = (not shown)\n", output);
            Assert.Contains("Sailfish:Cluster:Bus = (not shown)\n", output);
            Assert.DoesNotContain(Secret, output);
        }

        var refused = await CheckNodeAsync($"Host=127.0.0.1;Port={FreePort.Next()};Username=ann;Password={Secret}");
        StartErrors.AssertOneLine((refused.ExitCode, refused.Error), "The database of Sailfish:Cluster:Database cannot be used");
        Assert.DoesNotContain(Secret, refused.Error);
        AssertNothingMade();

        Task<(int ExitCode, string Output, string Error)> CheckNodeAsync(string database) => ServerProcess.RunProgramAsync(
            _folder.Path, "check", $"--Sailfish:Cluster:Database={database}", $"--Sailfish:Cluster:Bus=nats://ann:{Secret}@127.0.0.1");
    }

    [Fact]
    public async Task A_backup_of_what_nodes_share_is_left_to_the_tools_of_PostgreSQL()
    {
        var target = Path.Combine(_folder.Path, "backup");
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, "backup", target, "--Sailfish:Cluster:Database=Host=127.0.0.1;Password=swordfish");
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("Sailfish cannot back up. ", error);
        Assert.Contains("pg_dump", error);
        Assert.DoesNotContain("swordfish", error);
        AssertNothingMade();
    }

    /// <summary>What it says of the folder and the database.</summary>
    private async Task<(int Exit, string[] Output, string Error)> CheckAsync(string dataDir)
    {
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, "check", $"--Sailfish:DataDir={dataDir}");
        return (exit, output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^(exit == 0 ? 2 : 0)..], error);
    }

    private List<string> Entries() => [.. Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)];

    private void AssertNothingMade() => Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
}
