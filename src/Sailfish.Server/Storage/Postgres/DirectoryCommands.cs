using Npgsql;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Writes a <see cref="DirectoryBatch"/>: one round trip, one transaction. The same may be written again.</summary>
internal static class DirectoryCommands
{
    /// <param name="connection">On which it is written.</param>
    /// <param name="jobs">What is written.</param>
    /// <param name="node">In whose name: its generation.</param>
    /// <param name="most">Sessions of a user.</param>
    /// <param name="now">Milliseconds since 1970, by the clock that stamped the sessions.</param>
    public static async Task<DirectoryAnswer> RunAsync(NpgsqlConnection connection, DirectoryBatch jobs, long node, int most, long now)
    {
        await using var batch = connection.CreateBatch();
        batch.Add(DirectorySql.Begin, node);
        AddLock(batch, jobs);
        if (jobs.Logins.Count > 0)
            AddLogins(batch, jobs.Logins, node, most, now);
        if (jobs.Logouts.Count > 0)
            AddLogouts(batch, jobs.Logouts);
        await using var rows = await batch.ExecuteReaderAsync();
        await rows.NextResultAsync();
        var (isAlive, entries) = jobs.Logins.Count > 0 ? await ReadEntriesAsync(rows, jobs.Logins) : (true, []);
        var exits = jobs.Logouts.Count > 0 ? await ReadExitsAsync(rows, jobs.Logouts.Count) : [];
        // To the end of the transaction: only then it is stored.
        await rows.NextResultAsync();
        return new DirectoryAnswer(isAlive, entries, exits);
    }

    private static void AddLock(NpgsqlBatch batch, DirectoryBatch jobs)
    {
        Session[] sessions = [.. jobs.Jobs.Select(job => job.Session)];
        batch.Add(DirectorySql.Lock, Apps(sessions), Users(sessions));
    }

    private static void AddLogins(NpgsqlBatch batch, IReadOnlyList<DirectoryLogin> logins, long node, int most, long now)
    {
        Session[] sessions = [.. logins.Select(login => login.Session)];
        batch.Add(
            DirectorySql.Enter, node, Apps(sessions), Users(sessions), Connections(sessions),
            sessions.Select(s => s.DeviceId).ToArray(), sessions.Select(s => s.Platform).ToArray(),
            sessions.Select(s => Math.Max(0, now - s.Since)).ToArray(), sessions.Select(s => s.Identity.MintedAt).ToArray(), most);
    }

    private static void AddLogouts(NpgsqlBatch batch, IReadOnlyList<DirectoryLogout> logouts)
    {
        Session[] sessions = [.. logouts.Select(logout => logout.Session)];
        batch.Add(DirectorySql.Leave, Apps(sessions), Users(sessions), Connections(sessions));
    }

    private static async Task<(bool IsAlive, SessionEntry?[] Entries)> ReadEntriesAsync(NpgsqlDataReader rows, IReadOnlyList<DirectoryLogin> logins)
    {
        var isAlive = false;
        var entries = new SessionEntry?[logins.Count];
        var removed = new List<(SessionRow, ByeReason)>?[logins.Count];
        while (await rows.ReadAsync())
        {
            if (rows.GetInt64(0) == 0)
            {
                isAlive = true;
                continue;
            }

            var place = (int)rows.GetInt64(0) - 1;
            if (!rows.IsDBNull(7))
                (removed[place] ??= []).Add((ToRow(rows, logins[place].Session), ByeReasons.Of(rows.GetString(7))));
            if (rows.IsDBNull(1))
                entries[place] = new SessionEntry(IsRefused: true, CameOnline: false, rows.GetInt64(9), []);
            else if (rows.GetBoolean(1))
                entries[place] = new SessionEntry(IsRefused: false, CameOnline: !rows.GetBoolean(8) && rows.IsDBNull(7), rows.GetInt64(9), []);
        }

        await rows.NextResultAsync();
        for (var i = 0; i < entries.Length; i++)
            entries[i] = removed[i] is { } gone ? entries[i]! with { Removed = gone } : entries[i];
        return (isAlive, entries);
    }

    private static async Task<SessionExit[]> ReadExitsAsync(NpgsqlDataReader rows, int count)
    {
        var exits = new SessionExit[count];
        while (await rows.ReadAsync())
            exits[rows.GetInt64(0) - 1] = new SessionExit(WentOffline: !rows.GetBoolean(2), rows.GetInt64(1));
        return exits;
    }

    private static SessionRow ToRow(NpgsqlDataReader row, Session login) => new(
        login.User, row.GetInt64(2), row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetInt64(6));

    private static long[] Apps(Session[] sessions) => [.. sessions.Select(s => s.AppId)];

    private static long[] Users(Session[] sessions) => [.. sessions.Select(s => s.UserId)];

    private static long[] Connections(Session[] sessions) => [.. sessions.Select(s => s.Connection.Id)];
}
