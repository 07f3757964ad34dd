namespace Sailfish.Server.Sessions;

/// <summary>What the directory made of the end of a session.</summary>
/// <param name="WentOffline">It was listed, and the user has no other one on any node.</param>
/// <param name="Epoch">Orders the user's comings and goings over all nodes.</param>
internal readonly record struct SessionExit(bool WentOffline, long Epoch);
