using System.Diagnostics;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Documents;

/// <summary>What the READMEs tell people to write and to run, written and run as it stands.</summary>
public sealed partial class ReadmeTests
{
    private const string ClientReadme = "src/Sailfish.Client/README.md";

    [Fact]
    public async Task The_clients_program_compiles_as_it_stands_and_with_each_token_provider()
    {
        var program = ClientProgram();
        // The first is the program's own, which it is compiled with as it stands.
        var providers = TokenProvider().Matches(Readme.Read(ClientReadme));
        Assert.Equal(3, providers.Count);
        foreach (Match provider in providers)
        {
            using var compiled = await CSharpProgram.CompileAsync(program.With(providers[0].Value, provider.Value));
            Assert.Equal("", compiled.Errors);
        }
    }

    [Fact]
    public async Task The_clients_program_talks_when_a_token_is_minted_for_it()
    {
        await using var server = await ServerProcess.StartAsync();
        var program = ClientProgram();
        var source = program.With(TokenProvider().Match(program).Value, TokenProvider().Match(Readme.Blocks(ClientReadme, "csharp")[1]).Value)
            .With("tcp://127.0.0.1:8085", $"tcp://127.0.0.1:{server.TcpPort}");
        using var compiled = await CSharpProgram.CompileAsync(source);
        Assert.Equal("", compiled.Errors);
        await using var other = await ClientHarness.ConnectAsync(server, 10001);
        using var process = compiled.Start("TOKEN", TestTokens.Mint(server, 10002));
        try
        {
            Assert.Equal(["hello"], await other.TakeAsync(1));
            await other.JoinAsync(77);
            await other.SendToRoomAsync(77, "welcome");
            Assert.Equal("10001: welcome", await process.StandardOutput.ReadLineAsync().WaitAsync(Wait.Limit));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task Each_command_of_the_tool_does_what_it_is_there_for()
    {
        await using var server = await ServerProcess.StartAsync();
        using var ann = await PageClient.SignUpAsync(server);
        Assert.Equal(100001, ann.UserId);
        string[] commands = [.. new[] { "README.md", ClientReadme, "web/sdk/README.md" }.SelectMany(file => Command().Matches(Readme.Read(file))).Select(match => match.Groups[1].Value)];
        Assert.Contains("tag --user 100001 --tag vip", commands);
        // A cluster runs until it is told to end: LocalClusterTests.
        Assert.Contains(commands, command => command.StartsWith("cluster", StringComparison.Ordinal));
        foreach (var command in commands.Where(command => !command.StartsWith("cluster", StringComparison.Ordinal)))
        {
            var (exitCode, error) = await CliProcess.ShellAsync(server, $"sailfish {command} < /dev/null > /dev/null");
            Assert.True(exitCode == 0, $"{command}: {error}");
        }

        Assert.True((await ann.OkAsync("/home/initPage")).Flag("showStartLivingBtn"));
    }

    [Theory]
    [InlineData("README.md", "sh", "token,msgId")]
    [InlineData("docs/operations.md", "", "token")]
    public async Task First_calls_of_the_server_API_are_answered(string file, string language, string members)
    {
        await using var server = await ServerProcess.StartAsync();
        var calls = Readme.Blocks(file, language).Single(block => block.Contains("api/v1/tokens", StringComparison.Ordinal))
            .With(":8080", $":{server.HttpPort}").With("data/secrets.json", Path.Combine(server.DataDir, "secrets.json"));
        var (exitCode, output, error) = await ProcessRun.RunAsync(new ProcessStartInfo("bash", ["-ec", calls]), Wait.Limit);
        Assert.True(exitCode == 0, error);
        foreach (var member in members.Split(','))
            Assert.Contains($"\"{member}\":", output, StringComparison.Ordinal);
    }

    private static string ClientProgram() => Readme.Blocks(ClientReadme, "csharp")[0];

    [GeneratedRegex("TokenProvider = [^`]+?(?=,$|`)", RegexOptions.Multiline)]
    private static partial Regex TokenProvider();

    [GeneratedRegex("dotnet run -c Release --project src/Sailfish.Cli -- ([a-z0-9 -]*[a-z0-9])")]
    private static partial Regex Command();
}
