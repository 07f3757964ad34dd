using Sailfish.Protocol.Bodies;

namespace Sailfish.Server.Sessions;

/// <summary>
/// Has other nodes end sessions at once. It hurries only: never waits, and what gets lost comes by the feed of changes
/// (<see cref="Nodes.ChangeKind.Connection"/>) or is seen by the node itself.
/// </summary>
internal interface ISessionCloser
{
    void Close(IReadOnlyCollection<SessionRow> sessions, ByeReason reason);
}
