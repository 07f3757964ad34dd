namespace Sailfish.TestKit;

/// <summary>The sources that the running program was built from.</summary>
public static class SourceTree
{
    private const string Solution = "Sailfish.slnx";

    public static string Root => Find() ?? throw new InvalidOperationException($"There is no {Solution} above {AppContext.BaseDirectory}.");

    /// <summary>Its root; null when the program was moved out of it.</summary>
    public static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
            folder = folder.Parent;
        return folder?.FullName;
    }

    /// <summary>A path from the root, with slashes.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);
}
