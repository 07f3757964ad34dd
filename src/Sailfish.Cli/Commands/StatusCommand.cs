using System.CommandLine;
using System.Text.Json;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish status</c>: the nodes of a cluster, or the one server that there is.</summary>
internal static class StatusCommand
{
    /// <summary>Goes to the upper left, and clears what is below: ECMA-48, CUP and ED.</summary>
    private const string ClearScreen = "\e[H\e[J";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly Option<bool> Json = new("--json") { Description = "Print the server's answer as it is" };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Print it again each second, until Ctrl-C" };

    public static Command Create()
    {
        var command = new Command("status", "Print the nodes of a cluster, and how they get on") { Json, Watch };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        if (result.GetValue(Watch))
            await WatchAsync(api, result.GetValue(Json), cancellation);
        else
            Output.Line(await ReadAsync(api, result.GetValue(Json), cancellation));
        return ExitCodes.Success;
    }

    /// <summary>A node that is away is what somebody may be watching for.</summary>
    private static async Task WatchAsync(ServerApi api, bool isJson, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var text = await ReadAsync(api, isJson, cancellation);
                Output.Line(isJson || Console.IsOutputRedirected ? text : ClearScreen + text);
            }
            catch (CliException problem) when (problem.Status is null)
            {
                Printer.Note(problem.Message);
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private static async Task<string> ReadAsync(ServerApi api, bool isJson, CancellationToken cancellation)
    {
        var text = await api.GetTextAsync("cluster", cancellation);
        return isJson ? text : StatusTable.Of(Parse(text));
    }

    private static ClusterAnswer Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CliJson.Default.ClusterAnswer) ?? new ClusterAnswer(null, null, 0);
        }
        catch (JsonException)
        {
            throw new CliException("the server answered something else than JSON");
        }
    }
}
