using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed class BrokenFileTests
{
    [Theory]
    [InlineData("secrets.json", "{\"apps\":[{")]
    [InlineData("secrets.json", "")]
    [InlineData("secrets.json", "null")]
    [InlineData("secrets.json", "{\"apps\":[]}")]
    [InlineData("secrets.json", "{\"apps\":[null]}")]
    [InlineData("secrets.json", "{\"apps\":[{\"appId\":\"x\"}]}")]
    [InlineData("secrets.json", "{\"apps\":[{\"appId\":1,\"tokenSecret\":\"short\",\"apiKey\":\"" + StartErrorTests.GoodSecret + "\"}]}")]
    [InlineData("sailfish.db", "this is no database, and long enough to be looked at as one by its first hundred bytes, which it has now")]
    [InlineData("appsettings.json", "{\"Sailfish\":{")]
    public async Task A_broken_file_stops_the_start_with_one_line_that_names_it(string name, string content)
    {
        var folder = Directory.CreateTempSubdirectory("sailfish-test-").FullName;
        try
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, content);
            StartErrorTests.AssertOneLine(await ServerProcess.RunToExitAsync(folder, []), path);
            // It may be mended by hand: nothing was written over it.
            Assert.Equal(content, await File.ReadAllTextAsync(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
