namespace Sailfish.LoadTest.Harness;

/// <summary>The peer that runs on Bun.</summary>
internal static class BunPeer
{
    private static readonly NpmFolder Folder = new("bun-peer");

    internal static string Bun => Folder.Path("node_modules", ".bin", "bun");

    internal static string Script => Folder.Path("room.js");

    /// <summary>Fetches what is missing; false where it cannot be had.</summary>
    internal static bool TryInstall() => Folder.TryInstall(Bun);
}
