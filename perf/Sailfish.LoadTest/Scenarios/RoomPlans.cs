using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Comparisons that are made of <see cref="RoomScenario"/>.</summary>
internal static class RoomPlans
{
    internal const double SlowPercent = 1;

    /// <summary>
    /// Enough bytes that a member who does not read has filled the kernel's buffers and its outbox within the warm-up,
    /// and far from what the server can do, so that it is not the queue that is measured.
    /// </summary>
    internal static RoomOptions SlowRoom(int members, TimeSpan period) => new()
    {
        Members = members,
        Period = period,
        WarmUp = TimeSpan.FromSeconds(10),
        Frame = CheckedOption.MaxFrame,
        Rate = 100,
        SlowPercent = SlowPercent,
    };

    /// <summary>As many messages under way as the server commits at once: a small room alone would wait for the disk.</summary>
    internal static RoomOptions SmallRooms(int rooms, int members, TimeSpan period) =>
        new() { Rooms = rooms, Members = members, Period = period, Window = 512 };

    /// <summary>Many small rooms, and one room with as many members.</summary>
    internal static IEnumerable<Step> Rooms(RoomOptions options, LoadSettings settings)
    {
        yield return new Step(Keys.RoomsMany, new RoomScenario(options), settings);
        yield return new Step(Keys.RoomsOne, new RoomScenario(options with { Rooms = 1, Members = options.Rooms * options.Members }), settings);
    }

    /// <summary>The same room without slow members, and with.</summary>
    internal static IEnumerable<Step> Slow(RoomOptions options, LoadSettings settings)
    {
        yield return new Step(Keys.SlowWithout, new RoomScenario(options with { SlowPercent = 0 }), settings);
        yield return new Step(Keys.SlowWith, new RoomScenario(options), settings);
    }
}
