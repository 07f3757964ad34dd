namespace Sailfish.Tests;

/// <summary>The sources, for what is promised of them.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    /// <summary>A path from the root, with slashes.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sailfish.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the source tree.");
    }
}
