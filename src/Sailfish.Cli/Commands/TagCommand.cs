using System.CommandLine;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish tag</c>: gives a user a tag or takes it away. VIPs start living rooms.</summary>
internal static class TagCommand
{
    private static readonly Option<string> Tag = CreateTagOption();
    private static readonly Option<bool> Remove = new("--remove") { Description = "Take the tag away" };

    public static Command Create() =>
        UserCommand.Create("tag", "Give a user a tag: vip, rich or old", "The user who gets the tag", RunAsync, Tag, Remove);

    private static Option<string> CreateTagOption()
    {
        var option = new Option<string>("--tag") { Description = "vip, rich or old", Required = true };
        option.AcceptOnlyFromAmong("vip", "rich", "old");
        return option;
    }

    private static async Task RunAsync(UserCall call)
    {
        var (path, tag) = (call.PathOf("tags"), call.Options.GetValue(Tag)!);
        var answer = call.Options.GetValue(Remove)
            ? await call.Api.DeleteAsync($"{path}/{tag}", CliJson.Default.TagAnswer, call.Cancellation)
            : await call.Api.PostAsync(path, new TagRequest(tag), CliJson.Default.TagRequest, CliJson.Default.TagAnswer, call.Cancellation);
        Output.Line($"{call.User} {(answer.Tags is { Count: > 0 } tags ? string.Join(", ", tags) : "has no tag")}");
    }
}
