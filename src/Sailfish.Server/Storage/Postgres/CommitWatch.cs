using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Listens to what the server says of a COMMIT. One that is cancelled while it waits for the standby, as any command of the pool is
/// that takes too long, is answered as if it had succeeded: only a warning says that a failover may lose what it stored.
/// </summary>
internal sealed class CommitWatch
{
    /// <summary>To be made when nothing is left but the COMMIT: what came before it may have had other warnings.</summary>
    public CommitWatch(NpgsqlConnection connection) => connection.Notice += (_, said) => IsInDoubt |= said.Notice.InvariantSeverity == "WARNING";

    /// <summary>There was a warning, since the last <see cref="Begin"/> where there was one.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>For a connection on which there are many.</summary>
    public void Begin() => IsInDoubt = false;

    /// <summary>As when the connection had been lost with the COMMIT: nobody is told that it is stored.</summary>
    public void ThrowIfInDoubt()
    {
        if (IsInDoubt)
            throw new NpgsqlException("What was written is on no standby: none of those that synchronous_standby_names waits for answers.");
    }
}
