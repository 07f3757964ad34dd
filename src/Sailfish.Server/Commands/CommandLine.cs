using System.CommandLine;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Commands;

internal enum CommandKind
{
    /// <summary>Help or the version: nothing is left to do.</summary>
    Answered,
    Serve,
    Check,
    Backup,
    Migrate,
}

/// <summary>
/// <c>Sailfish.Server [check | backup folder | migrate --data folder --database text] [--Sailfish:…=…]</c>. The settings are
/// taken out first: their keys are checked with those of files and the environment.
/// </summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Settings"><c>--key=value</c> each.</param>
/// <param name="Folder">Of a backup.</param>
/// <param name="NotUnderstood">What is neither a command nor a setting; nothing is done when there is any.</param>
internal sealed record CommandLine(CommandKind Kind, IReadOnlyList<string> Settings, string? Folder, IReadOnlyList<string> NotUnderstood)
{
    /// <summary>Whether nothing is left to do.</summary>
    public bool IsAnswered => Kind == CommandKind.Answered && NotUnderstood.Count == 0;

    private const string Migrate = "migrate";
    private static readonly string[] Words = ["check", "backup", Migrate, "--help", "--version"];
    private static readonly string[] Options = ["--help", "-h", "-?", "--version"];

    /// <summary>Answers help and version itself.</summary>
    public static CommandLine Parse(string[] args)
    {
        var (settings, rest) = SettingArguments.Split(args);
        // Loading the parser takes a moment, which most starts can do without.
        return rest.Count == 0 ? new CommandLine(CommandKind.Serve, settings, null, []) : Parse(settings, rest);
    }

    /// <summary>Stops the start, or the command, naming each argument and what may have been meant.</summary>
    public void ThrowOnNotUnderstood(IEnumerable<string> knownKeys)
    {
        if (NotUnderstood.Count == 0)
            return;
        var candidates = Words.Concat(SettingArguments.Examples.Concat(knownKeys).Select(key => $"--{key}")).ToList();
        throw new ConfigurationException(string.Join(" ", NotUnderstood.Select(argument => Problem(argument, candidates))));
    }

    private static CommandLine Parse(List<string> settings, List<string> rest)
    {
        // The parser has words of its own, "--" and "[suggest]", and takes a misspelt setting for the folder of a backup.
        var options = rest[0] == Migrate ? [.. Options, .. MoveOptions.Names] : Options;
        var unknown = rest.Where(argument => argument.StartsWith('[') || (argument.StartsWith('-') && !options.Contains(argument.Split('=')[0]))).ToList();
        if (unknown.Count > 0)
            return new CommandLine(CommandKind.Answered, settings, null, unknown);
        var (kind, path) = (CommandKind.Answered, (string?)null);
        var folder = new Argument<string>("folder") { Description = "A new or empty folder for the copy" };
        var backup = new Command("backup", "Copy the data folder, also beside a running server") { folder };
        backup.SetAction(result => (kind, path) = (CommandKind.Backup, result.GetValue(folder)));
        var check = new Command("check", "Check the settings and print them, without secrets; starts and makes nothing");
        check.SetAction(_ => kind = CommandKind.Check);
        var migrate = MoveOptions.NewCommand(Migrate, named =>
        {
            kind = CommandKind.Migrate;
            settings.AddRange(named);
        });
        var root = new RootCommand(
            "Sailfish's server. Without a command it serves. Settings stand in appsettings.json, in the environment (Sailfish__DataDir=…)"
            + " or here (--Sailfish:DataDir=…); docs/operations.md has all of them.") { check, backup, migrate };
        root.SetAction(_ => kind = CommandKind.Serve);

        var result = root.Parse(rest, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.UnmatchedTokens.Count > 0)
            return new CommandLine(CommandKind.Answered, settings, null, [.. result.UnmatchedTokens]);
        if (rest is ["backup"])
            throw new ConfigurationException("backup needs a folder for the copy: Sailfish.Server backup <folder>.");
        if (result.Errors.Count > 0)
            throw new ConfigurationException(string.Join(" ", result.Errors.Select(error => error.Message)));
        result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return new CommandLine(kind, settings, path, path?.StartsWith('-') == true ? [path] : []);
    }

    private static string Problem(string argument, List<string> candidates)
    {
        var shown = SettingArguments.WithoutSecret(argument);
        return NearMatch.Of(argument.Split('=')[0], candidates) is { } near
            ? $"The argument {shown} is not understood. Did you mean {near}{(near.EndsWith(':') ? "…=…" : "")}?"
            : $"The argument {shown} is not understood. Try --help.";
    }
}
