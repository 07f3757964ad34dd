using System.Diagnostics;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cli;

/// <summary><c>sailfish migrate</c>; what it moves is tried where the server's own command is.</summary>
public sealed class MigrateTests : IDisposable
{
    private const string Variable = "Sailfish__Cluster__Database";
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_database_may_stand_in_the_environment_and_the_password_is_on_no_command_line_and_in_no_output()
    {
        await using (var server = await ServerProcess.StartAsync(_folder.Path, []))
            await server.StopAsync();
        var database = await SharedPostgres.NewDatabaseAsync(isEmpty: true);
        var postgres = await SharedPostgres.ServerAsync();
        var text = postgres.ConnectionString(database) + ";Password=a-secret";
        var (exit, output, error) = await RunAsync(text, "--data", _folder.Path);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"Moving {_folder.Path} to the database {database} on 127.0.0.1.", output);
        Assert.DoesNotContain("a-secret", output);
        Assert.Equal("1", await postgres.SqlAsync("SELECT count(*) FROM app", database));
        // An argument goes before the environment.
        var (again, _, filled) = await RunAsync("Host=nowhere", "--data", _folder.Path, "--database", text);
        Assert.Equal(1, again);
        Assert.Contains("is not empty", filled);
        Assert.DoesNotContain("a-secret", filled);
        await postgres.DropDatabaseAsync(database);
    }

    [Theory]
    [InlineData("--data is required", "--database", "Host=127.0.0.1")]
    [InlineData("--database is missing", "--data", "x")]
    [InlineData("--colour", "--data", "x", "--database", "Host=127.0.0.1", "--colour")]
    public async Task Wrong_usage_exits_with_2_and_says_why(string why, params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(null, arguments);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(why, error.Replace("'", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var (exit, _, error) = await RunAsync("Host=127.0.0.1", "--data", _folder.Path, "--program", "/nowhere/Sailfish.Server.dll");
        Assert.Equal((1, "sailfish: /nowhere/Sailfish.Server.dll does not exist\n"), (exit, error));
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string? database, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "sailfish.dll"), "migrate", .. arguments]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment.Remove(Variable);
        if (database is not null)
            start.Environment[Variable] = database;
        return ProcessRun.RunAsync(start, TimeSpan.FromSeconds(60));
    }
}
