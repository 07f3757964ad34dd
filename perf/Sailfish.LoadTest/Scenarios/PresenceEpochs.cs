using System.Globalization;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// The epoch of each user's last event of presence, from the database that nodes share: nothing outside a server hears its
/// events, but what tells that a user is offline takes the epoch of the event in the same transaction.
/// </summary>
internal sealed class PresenceEpochs
{
    private readonly Dictionary<long, long> _epochs;

    /// <summary>As they are now.</summary>
    internal PresenceEpochs(Servers servers) => _epochs = servers.Sql("SELECT user_id, epoch FROM presence")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('|'))
        .ToDictionary(columns => Number(columns[0]), columns => Number(columns[1]));

    /// <summary>A user's; 0 of one who was never here.</summary>
    internal long this[long user] => _epochs.GetValueOrDefault(user);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
