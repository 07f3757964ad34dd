namespace Sailfish.LoadTest.Harness;

/// <summary>The peer that runs on Node: node-media-server.</summary>
internal static class NodePeer
{
    internal const string Node = "node";

    private static readonly NpmFolder Folder = new("node-peer");

    internal static string Script => Folder.Path("live.js");

    /// <summary>Fetches what is missing; false where it cannot be had.</summary>
    internal static bool TryInstall() => Folder.TryInstall(Node);
}
