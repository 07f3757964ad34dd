using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Begun conversations in a table, so that whoever is connected to many nodes begins no more than on one. As each pace does, a
/// row has only the time at which all of them are there again.
/// </summary>
internal sealed class PostgresOpenings(PostgresDatabase database, UserPaceTable paces, IOptions<LimitsOptions> options) : IOpenings
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>$1 app, $2 user, $3 what one takes, $4 what there is at once. No row where that is gone.</summary>
    private const string Take =
        """
        INSERT INTO opening AS o (app_id, user_id, full_at) VALUES ($1, $2, clock_timestamp() + $3)
        ON CONFLICT (app_id, user_id) DO UPDATE SET full_at = greatest(o.full_at, clock_timestamp()) + $3
          WHERE o.full_at + $3 <= clock_timestamp() + $4
        RETURNING full_at
        """;

    private const string Wait = "SELECT full_at + $3 - $4 - clock_timestamp() FROM opening WHERE app_id = $1 AND user_id = $2";

    private readonly TimeSpan _each = Hour / Math.Max(1, options.Value.EffectiveNewConversationsPerHour);

    public async ValueTask<TimeSpan?> OpenAsync(Session session, ConversationKey conversation, CancellationToken cancellationToken)
    {
        if (paces.HasOpened(session, conversation))
            return null;
        if (await TakeAsync(session.User, cancellationToken) is { } wait)
            return wait;
        paces.NoteOpened(session, conversation);
        return null;
    }

    /// <summary>Deletes what counts no more.</summary>
    public Task RemoveOldAsync(CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.ExecuteAsync("DELETE FROM opening WHERE full_at <= clock_timestamp()"), cancellationToken);

    private Task<TimeSpan?> TakeAsync(UserKey user, CancellationToken cancellationToken) => database.WriteAsync<TimeSpan?>(
        async connection =>
        {
            await using (var take = connection.Command(Take, user.AppId, user.UserId, _each, Hour))
            {
                if (await take.ExecuteScalarAsync(cancellationToken) is not null)
                    return null;
            }

            // It has become free meanwhile, or was swept away: a moment.
            await using var left = connection.Command(Wait, user.AppId, user.UserId, _each, Hour);
            var wait = await left.ExecuteScalarAsync(cancellationToken) as TimeSpan? ?? TimeSpan.Zero;
            return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
        },
        cancellationToken);
}
