using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Nodes;

public sealed class ClusterOptionsTests
{
    private const string Database = "Host=db1;Database=sailfish;Username=sailfish;Password=a-secret";

    [Theory]
    [InlineData(null, "postgres", "sailfish")]
    [InlineData("", "postgres", "sailfish")]
    [InlineData(Database, "postgres", "a")]
    [InlineData(Database, "nats://n1:4222", "live_2")]
    [InlineData(Database, "nats://user:a-secret@n1:4222,nats://user:a-secret@n2", "abcdefghijklmnopqrstuvwxyz01234")]
    [InlineData(Database, "nats://a-secret@n1:4222,n2:4222, n3", "sailfish")]
    [InlineData(Database, "tls://n1:4222, tls://[::1]:4222", "sailfish")]
    public void Settings_of_a_cluster_pass(string? database, string bus, string name) => Assert.Empty(Problems(database, bus, name));

    [Theory]
    [InlineData("a-secret", "postgres", "sailfish", "Database", "Host=db1")]
    [InlineData("Host=db1;a-secret", "postgres", "sailfish", "Database", "Host=db1")]
    [InlineData(Database, "", "sailfish", "Bus", "nats://user")]
    [InlineData(Database, "a-secret", "sailfish", "Bus", "nats://user")]
    [InlineData(Database, "amqp://user:a-secret@n1", "sailfish", "Bus", "nats://user")]
    [InlineData(Database, "nats://user:a-secret@n1/path", "sailfish", "Bus", "nats://user")]
    [InlineData(Database, "nats://n1,", "sailfish", "Bus", "nats://user")]
    [InlineData(Database, "n1:4222,n2:4222", "sailfish", "Bus", "nats://user")]
    [InlineData(Database, "nats://user:a-secret@n1:4222,nats://a-secret@n2", "sailfish", "Bus", "same credentials")]
    [InlineData(null, "nats://a-secret@n1", "sailfish", "Bus", "set Database")]
    [InlineData(Database, "postgres", "", "Name", "small letter")]
    [InlineData(Database, "postgres", "Sailfish", "Name", "small letter")]
    [InlineData(Database, "postgres", "1a", "Name", "small letter")]
    [InlineData(Database, "postgres", "a-b", "Name", "small letter")]
    [InlineData(Database, "postgres", "a\n", "Name", "small letter")]
    [InlineData(Database, "postgres", "abcdefghijklmnopqrstuvwxyz012345", "Name", "small letter")]
    public void What_is_wrong_is_named_with_a_way_to_mend_it_and_without_secrets(string? database, string bus, string name, string setting, string way)
    {
        var problem = Assert.Single(Problems(database, bus, name));
        Assert.Contains(setting, problem);
        Assert.Contains(way, problem);
        Assert.DoesNotContain("a-secret", problem);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("http://10.0.0.5:10102", "http://10.0.0.5:10102")]
    [InlineData("http://[fd00::5]:10102/", "http://[fd00::5]:10102")]
    [InlineData("https://node1.example.com", "https://node1.example.com")]
    public void Other_nodes_are_told_an_address(string? advertise, string told)
    {
        var options = new ClusterOptions { Database = Database, Advertise = advertise };
        Assert.Null(new ClusterOptionsValidator().Validate(null, options).Failures);
        Assert.Equal(told, options.AdvertisedAddress);
    }

    [Theory]
    [InlineData("10.0.0.5:10102")]
    [InlineData("ftp://10.0.0.5")]
    [InlineData("http://10.0.0.5/chat")]
    [InlineData("http://10.0.0.5/?a=1")]
    [InlineData("http://user:a-secret@10.0.0.5")]
    [InlineData("http:///")]
    public void An_address_that_is_none_is_refused(string advertise)
    {
        var problem = Assert.Single(new ClusterOptionsValidator().Validate(null, new ClusterOptions { Database = Database, Advertise = advertise }).Failures!);
        Assert.Contains("Advertise", problem);
        Assert.Contains("http://10.0.0.5:10102", problem);
        Assert.DoesNotContain("a-secret", problem);
    }

    [Fact]
    public void Without_a_database_there_is_one_node()
    {
        Assert.False(new ClusterOptions().IsOn);
        Assert.False(new ClusterOptions { Database = " " }.IsOn);
        Assert.True(new ClusterOptions { Database = Database }.IsOn);
    }

    private static IEnumerable<string> Problems(string? database, string bus, string name) =>
        new ClusterOptionsValidator().Validate(null, new ClusterOptions { Database = database, Bus = bus, Name = name }).Failures ?? [];
}
