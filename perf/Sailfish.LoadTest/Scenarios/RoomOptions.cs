using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="RoomScenario"/>.</summary>
internal sealed record RoomOptions
{
    internal const long FirstRoom = 1001;

    /// <summary>Rooms, all of the same size.</summary>
    internal int Rooms { get; init; } = 1;

    /// <summary>Members of each room, senders included.</summary>
    internal required int Members { get; init; }

    /// <summary>Members of each room that send.</summary>
    internal int Senders { get; init; } = 1;

    /// <summary>Percent of each room's members that do not read.</summary>
    internal double SlowPercent { get; init; }

    internal required TimeSpan Period { get; init; }

    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal int Frame { get; init; } = 128;

    /// <summary>
    /// Messages under way at saturation. Two batches of the server's and more: with fewer the batches are halves of the
    /// window or all of it, as chance has it, and a delivery costs twice as much in one run as in the next.
    /// </summary>
    internal int Window { get; init; } = 512;

    /// <summary>The same for who needs a minute for the other one, and sends message by message anyway.</summary>
    internal const int SmallWindow = 64;

    internal RoomLoop Loop { get; init; } = RoomLoop.Delivered;

    /// <summary>Messages a second, to all rooms together; 0 = as many as the window lets through.</summary>
    internal double Rate { get; init; }

    /// <summary>On which nodes the members are.</summary>
    internal RoomPlace Place { get; init; }

    /// <summary>Nodes that members are spread over; 0 = all.</summary>
    internal int Over { get; init; }

    /// <summary>Which load it is, of several on the same servers: each has rooms and users of its own.</summary>
    internal int Number { get; init; }

    /// <summary>Members of each room that do not read; at least one when any are asked for.</summary>
    internal int SlowMembers => SlowPercent == 0 ? 0 : Math.Max(1, (int)(Members * SlowPercent / 100));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Rooms > 1 ? $"--rooms {Rooms} " : "")}--members {Members} --senders {Senders} --seconds {Period.TotalSeconds:F0} --frame {Frame} ")
        + (Rate > 0
            ? string.Create(CultureInfo.InvariantCulture, $"--rate {Rate:0.##}")
            : $"--window {Window} --loop {(Loop == RoomLoop.Delivered ? "delivered" : "receipted")}")
        + (SlowPercent > 0 ? string.Create(CultureInfo.InvariantCulture, $" --slow {SlowPercent}") : "")
        + (Place == RoomPlace.Spread ? "" : $" --place {Place.ToString().ToLowerInvariant()}")
        + (Over > 0 ? string.Create(CultureInfo.InvariantCulture, $" --over {Over}") : "");

    /// <summary>The node of a member, by the member's number.</summary>
    internal int NodeOf(int member) => Place switch
    {
        RoomPlace.Together => 0,
        RoomPlace.Apart => member < Senders ? 1 : 0,
        _ => Over > 0 ? member % Over : member,
    };
}
