using System.CommandLine;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Commands;

/// <summary>The options of <c>migrate</c>: other words for settings, which may stand in files or the environment just as well.</summary>
internal static class MoveOptions
{
    private const string Data = "--data";
    private const string Database = "--database";

    public static IReadOnlyList<string> Names { get; } = [Data, Database];

    /// <param name="name">Of the command.</param>
    /// <param name="found">Gets the settings that the options stand for, as arguments.</param>
    public static Command NewCommand(string name, Action<IReadOnlyList<string>> found)
    {
        var data = new Option<string>(Data) { Description = "The data folder of the server, which is stopped [default: Sailfish:DataDir]" };
        var database = new Option<string>(Database)
        {
            Description = "The empty PostgreSQL database; other users of this machine may see it here [default: Sailfish:Cluster:Database]",
        };
        var command = new Command(name, "Move all data from SQLite to the PostgreSQL database of a cluster") { data, database };
        command.SetAction(result => found(
        [
            .. result.GetValue(data) is { } folder ? [$"--{ConfigurationCheck.Root}:DataDir={folder}"] : Array.Empty<string>(),
            .. result.GetValue(database) is { } text ? [$"--{ConfigurationCheck.Root}:Cluster:Database={text}"] : Array.Empty<string>(),
        ]));
        return command;
    }
}
