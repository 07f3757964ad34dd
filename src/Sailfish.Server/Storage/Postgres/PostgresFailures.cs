using System.Net.Sockets;
using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>What failures of the database mean.</summary>
internal static class PostgresFailures
{
    /// <summary>Nothing was stored, for two transactions were in each other's way; the same again may succeed.</summary>
    public static bool IsInTheWay(PostgresException failure) => failure.SqlState is
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable;

    /// <summary>The connection is cut, or the server about to cut it.</summary>
    public static bool IsOfConnection(NpgsqlException failure) => failure is PostgresException { SqlState: var state }
        ? state.StartsWith("57P", StringComparison.Ordinal)
        : failure.InnerException is IOException or SocketException;

    /// <summary>A value that cannot be stored: of many, it alone is to blame.</summary>
    public static bool IsOfValues(PostgresException failure) => failure.SqlState.AsSpan(0, 2) is "22" or "23";

    /// <summary>For whoever mends it: the server's own words, else those of what kept us from it.</summary>
    public static string Explain(NpgsqlException failure) => failure is PostgresException { MessageText: var said, SqlState: var state }
        ? $"{said} ({state})."
        : failure.GetBaseException().Message;
}
