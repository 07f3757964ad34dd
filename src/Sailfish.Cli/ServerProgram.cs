using System.CommandLine;
using System.Diagnostics;

namespace Sailfish.Cli;

/// <summary>The server's program, for commands that start it.</summary>
internal static class ServerProgram
{
    private const string Name = "Sailfish.Server";
    private const string Library = Name + ".dll";

    /// <summary>Where a server is that listens is said by <c>--server</c>, so this one has another name.</summary>
    public static readonly Option<string?> Option = new("--program")
    {
        Description = $"The server's program, {Library} or {Name} [default: beside this one, or built from the same sources]",
    };

    /// <summary>How it is started with these arguments.</summary>
    /// <param name="named">By <see cref="Option"/>.</param>
    /// <param name="arguments">Its command line.</param>
    /// <exception cref="CliException">It was not found.</exception>
    public static ProcessStartInfo Start(string? named, params ReadOnlySpan<string> arguments)
    {
        var path = Find(named);
        var isLibrary = Path.GetExtension(path) == ".dll";
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : path);
        if (isLibrary)
            start.ArgumentList.Add(path);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private static string Find(string? named)
    {
        if (named is not null)
            return File.Exists(named) ? Path.GetFullPath(named) : throw new CliException($"{named} does not exist");
        return Candidates().FirstOrDefault(File.Exists)
            ?? throw new CliException($"{Library} is not beside this program; name it with {Option.Name}");
    }

    private static IEnumerable<string> Candidates()
    {
        yield return Path.Combine(AppContext.BaseDirectory, Library);
        yield return Path.Combine(AppContext.BaseDirectory, Name);
        // src/Sailfish.Cli/bin/Release/net10.0: the server's is built into the same folders of its own.
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        if (built is { Parent: { Name: var configuration, Parent: { Name: "bin", Parent.Parent.FullName: var sources } } })
            yield return Path.Combine(sources, Name, "bin", configuration, built.Name, Library);
    }
}
