using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Hosting;

public sealed class BrokenFileTests
{
    [Theory]
    [InlineData("secrets.json", "{\"apps\":[{")]
    [InlineData("secrets.json", "")]
    [InlineData("secrets.json", "null")]
    [InlineData("secrets.json", "{\"apps\":[]}")]
    [InlineData("secrets.json", "{\"apps\":[null]}")]
    [InlineData("secrets.json", "{\"apps\":[{\"appId\":\"x\"}]}")]
    [InlineData("secrets.json", "{\"apps\":[{\"appId\":1,\"tokenSecret\":\"short\",\"apiKey\":\"" + StartErrors.GoodSecret + "\"}]}")]
    [InlineData("sailfish.db", "this is no database, and long enough to be looked at as one by its first hundred bytes, which it has now")]
    [InlineData("appsettings.json", "{\"Sailfish\":{")]
    public async Task A_broken_file_stops_the_start_with_one_line_that_names_it(string name, string content)
    {
        using var folder = new TemporaryDirectory();
        var path = Path.Combine(folder.Path, name);
        await File.WriteAllTextAsync(path, content);
        StartErrors.AssertOneLine(await ServerProcess.RunToExitAsync(folder.Path, []), path);
        // It may be mended by hand: nothing was written over it.
        Assert.Equal(content, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_stops_the_start_and_stays_as_it_is()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        server.Sql("INSERT INTO migration VALUES (99)");
        var database = Path.Combine(server.DataDir, "sailfish.db");
        var before = await File.ReadAllBytesAsync(database);
        var newest = server.Sql("SELECT max(number) FROM migration WHERE number < 99", c => (long)c.ExecuteScalar()!);
        StartErrors.AssertOneLine(
            await ServerProcess.RunToExitAsync(server.DataDir, []),
            $"The database {database} was written by a newer version (migration 99, this one knows {newest}).");
        Assert.Equal(before, await File.ReadAllBytesAsync(database));
        server.Sql("DELETE FROM migration WHERE number = 99");
        await server.StartAgainAsync();
    }
}
