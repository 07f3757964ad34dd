using Sailfish.Protocol.Bodies;

namespace Sailfish.Server.Sessions;

/// <summary>The reasons why other nodes end sessions here, by their words.</summary>
internal static class ByeReasons
{
    private static readonly ByeReason[] All =
        [ByeReason.Replaced, ByeReason.TooManySessions, ByeReason.Kicked, ByeReason.SignedOut, ByeReason.SessionOver, ByeReason.Draining, ByeReason.Idle];

    /// <summary>A word that only a newer version knows still ends the session: then the client comes back and hears what it is about.</summary>
    public static ByeReason Of(string? word) => Array.Find(All, reason => reason.Word == word) ?? ByeReason.Draining;
}
