using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A database becomes what the program works with, once, or the start says why not.</summary>
public sealed class PostgresMigrationTests : IAsyncLifetime
{
    private PostgresServer? _server;
    private string _name = "";

    private PostgresServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.ServerAsync();
        _name = await SharedPostgres.NewDatabaseAsync(isEmpty: true);
    }

    public async ValueTask DisposeAsync() => await Server.DropDatabaseAsync(_name);

    [Fact]
    public async Task Of_many_nodes_that_start_at_once_one_makes_the_tables()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Open().Dispose())));
        Assert.Equal($"{PostgresMigrations.Version}|1|sailfish", await SqlAsync("SELECT version, oldest_program, name FROM schema_version, cluster"));
    }

    [Fact]
    public async Task A_start_on_tables_that_are_there_leaves_what_is_in_them()
    {
        Open().Dispose();
        await SqlAsync("INSERT INTO lease (name) VALUES ('mine')");
        Open().Dispose();
        Assert.Equal("mine", await SqlAsync("SELECT name FROM lease WHERE name = 'mine'"));
    }

    [Fact]
    public async Task A_database_of_another_cluster_is_refused()
    {
        Open().Dispose();
        var problem = Assert.Throws<ConfigurationException>(() => Open(name: "other"));
        Assert.Contains("'sailfish'", problem.Message);
        Assert.Contains("'other'", problem.Message);
        Assert.Equal("sailfish", await SqlAsync("SELECT name FROM cluster"));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_when_that_says_so()
    {
        Open().Dispose();
        await SqlAsync("UPDATE schema_version SET version = 9000");
        Open().Dispose();
        Assert.Equal("9000", await SqlAsync("SELECT version FROM schema_version"));
        await SqlAsync("UPDATE schema_version SET oldest_program = 8999");
        var problem = Assert.Throws<ConfigurationException>(() => Open());
        Assert.Contains("8999", problem.Message);
        Assert.Contains("Install", problem.Message);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public async Task A_database_that_does_not_hold_every_text_is_refused()
    {
        await Server.SqlAsync($"CREATE DATABASE {_name}_latin1 ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        Assert.Contains("UTF8", Assert.Throws<ConfigurationException>(() => Open(Server.ConnectionString($"{_name}_latin1"))).Message);
        await Server.DropDatabaseAsync($"{_name}_latin1");
    }

    [Fact]
    public async Task A_database_that_only_reads_is_refused()
    {
        await Server.SqlAsync($"ALTER DATABASE {_name} SET default_transaction_read_only = on");
        Assert.Contains("standby", Assert.Throws<ConfigurationException>(() => Open()).Message);
    }

    /// <summary>A commit would be one before it is on the disk; changes would be taken for read while they are written.</summary>
    [Theory]
    [InlineData("synchronous_commit")]
    [InlineData("track_activities")]
    public async Task A_database_without_what_nodes_stand_on_is_refused(string setting)
    {
        await Server.SqlAsync($"ALTER DATABASE {_name} SET {setting} = off");
        Assert.Contains(setting, Assert.Throws<ConfigurationException>(() => Open()).Message);
    }

    [Fact]
    public async Task What_there_is_is_said_and_not_changed()
    {
        Assert.Contains("is empty", Describe());
        Assert.Equal("", await SqlAsync("SELECT to_regclass('message')"));
        Open().Dispose();
        Assert.Contains($"its version is {PostgresMigrations.Version}, this program's", Describe());
        await SqlAsync("UPDATE schema_version SET version = 9000");
        Assert.Contains("its version is 9000, and this program's is", Describe());
        Assert.Throws<ConfigurationException>(() => PostgresDatabase.Describe(new ClusterOptions { Database = Server.ConnectionString(_name), Name = "other" }));
        Assert.Equal("9000", await SqlAsync("SELECT version FROM schema_version"));
    }

    [Fact]
    public void A_database_that_is_not_there_is_said_to_be_so_without_its_password()
    {
        foreach (var (wrong, said) in new[] { ("Database=nowhere", "nowhere"), ("Port=1", "refused"), ("Port=none", "Npgsql"), ("Colour=red", "Npgsql") })
        {
            var problem = Assert.Throws<ConfigurationException>(() => Open($"{Server.ConnectionString(_name)};Password=a-secret;{wrong}"));
            Assert.Contains("Sailfish:Cluster:Database", problem.Message);
            Assert.Contains(said, problem.Message);
            Assert.DoesNotContain("a-secret", problem.Message);
        }

        Assert.Contains("Host=", Assert.Throws<ConfigurationException>(() => Open("Database=sailfish;Username=sailfish")).Message);
    }

    [Fact]
    public async Task The_tables_may_stand_in_a_schema_of_their_own()
    {
        await SqlAsync("CREATE SCHEMA chat");
        Open($"{Server.ConnectionString(_name)};Search Path=chat").Dispose();
        Assert.Equal("chat", await SqlAsync("SELECT schemaname FROM pg_tables WHERE tablename = 'message'"));
        Open(name: "other").Dispose();
        Assert.Equal("other", await SqlAsync("SELECT name FROM cluster"));
    }

    private PostgresDatabase Open(string? connectionString = null, string name = "sailfish") => new(
        Options.Create(new ClusterOptions { Database = connectionString ?? Server.ConnectionString(_name), Name = name }), NullLogger<PostgresDatabase>.Instance);

    private string Describe() => PostgresDatabase.Describe(new ClusterOptions { Database = Server.ConnectionString(_name) });

    private Task<string> SqlAsync(string sql) => Server.SqlAsync(sql, _name);
}
