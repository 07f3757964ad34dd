using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>What became of a <see cref="DirectoryBatch"/>.</summary>
/// <param name="IsAlive">The node's lease held; else no login was stored.</param>
/// <param name="Entries">Of the logins, in their order.</param>
/// <param name="Exits">Of the logouts, in their order.</param>
internal sealed record DirectoryAnswer(bool IsAlive, SessionEntry?[] Entries, SessionExit[] Exits);
