using System.CommandLine;
using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish tag</c>: gives a user a tag or takes it away. VIPs start living rooms.</summary>
internal static class TagCommand
{
    private static readonly Option<long> User = IdOption.User("--user", "The user who gets the tag");
    private static readonly Option<string> Tag = CreateTagOption();
    private static readonly Option<bool> Remove = new("--remove") { Description = "Take the tag away" };

    public static Command Create()
    {
        var command = new Command("tag", "Give a user a tag: vip, rich or old") { User, Tag, Remove };
        command.SetAction(RunAsync);
        return command;
    }

    private static Option<string> CreateTagOption()
    {
        var option = new Option<string>("--tag") { Description = "vip, rich or old", Required = true };
        option.AcceptOnlyFromAmong("vip", "rich", "old");
        return option;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var user = result.GetValue(User);
        var path = string.Create(CultureInfo.InvariantCulture, $"users/{user}/tags");
        var tag = result.GetValue(Tag)!;
        var answer = result.GetValue(Remove)
            ? await api.DeleteAsync($"{path}/{tag}", CliJson.Default.TagAnswer, cancellation)
            : await api.PostAsync(path, new TagRequest(tag), CliJson.Default.TagRequest, CliJson.Default.TagAnswer, cancellation);
        Output.Line($"{user} {(answer.Tags is { Count: > 0 } tags ? string.Join(", ", tags) : "has no tag")}");
        return ExitCodes.Success;
    }
}
