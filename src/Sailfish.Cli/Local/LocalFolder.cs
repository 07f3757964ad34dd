using System.Runtime.Versioning;

namespace Sailfish.Cli.Local;

/// <summary>Where a local cluster keeps its data.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalFolder : IDisposable
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>PostgreSQL, another user where we are root, goes through it to its own folder.</summary>
    private const UnixFileMode Passable = OwnersOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="folder">One that stays; null for a temporary one.</param>
    public LocalFolder(string? folder)
    {
        IsTemporary = folder is null;
        Path = folder is null ? Directory.CreateTempSubdirectory("sailfish-cluster-").FullName : System.IO.Path.GetFullPath(folder);
        var isNew = IsTemporary || !Directory.Exists(Path);
        Directory.CreateDirectory(Path);
        if (isNew)
            File.SetUnixFileMode(Path, Passable);
    }

    public string Path { get; }

    public bool IsTemporary { get; }

    /// <summary>A folder in it, for its owner alone.</summary>
    public string Make(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name), OwnersOnly).FullName;

    public void Dispose()
    {
        if (IsTemporary)
            Directory.Delete(Path, recursive: true);
    }
}
