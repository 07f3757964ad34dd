using Npgsql;
using Sailfish.Server.Cluster.Postgres;

namespace Sailfish.Tests.Server.Cluster.Postgres;

public sealed class NotifySettingsTests
{
    [Fact]
    public void Connections_of_the_bus_are_not_pooled_and_wait_for_no_disk()
    {
        var settings = new NpgsqlConnectionStringBuilder(NotifySettings.Of("Host=db;Username=u;Password=p;Options=-c search_path=x;Pooling=true;Application Name=mine"));
        Assert.False(settings.Pooling);
        Assert.Equal("-c search_path=x -c synchronous_commit=off -c tcp_user_timeout=20s", settings.Options);
        Assert.Equal(("db", "u", "p", "mine"), (settings.Host, settings.Username, settings.Password, settings.ApplicationName));
    }

    [Theory]
    [InlineData("Host=one", null)]
    [InlineData("Host=one,two", "primary")]
    [InlineData("Host=one,two;Target Session Attributes=read-write", "read-write")]
    public void Of_several_servers_the_primary_is_meant(string database, string? expected) =>
        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(NotifySettings.Of(database)).TargetSessionAttributes);
}
