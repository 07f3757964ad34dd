using System.Globalization;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Comparisons that are made of <see cref="RoomScenario"/>.</summary>
internal static class RoomPlans
{
    internal const double SlowPercent = 1;

    internal static readonly int[] GrowthSizes = [100, 300, 1000, 3000, 10_000];

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

    private static readonly (string Key, TransportKind Transport)[] Transports =
    [
        (Keys.RoomTcp, TransportKind.Tcp),
        (Keys.RoomWsBinary, TransportKind.WsBinary),
        (Keys.RoomWsJson, TransportKind.WsJson),
        (Keys.RoomWsLegacy, TransportKind.WsLegacy),
    ];

    /// <summary>The same room over each transport.</summary>
    internal static IEnumerable<Step> EachTransport(RoomOptions options, LoadSettings settings, params IReadOnlyList<Bound> bounds) =>
        Transports.Select(t => new Step(
            t.Key,
            new RoomScenario(t.Transport == TransportKind.WsLegacy ? options with { Window = RoomOptions.SmallWindow } : options),
            settings with { Transport = t.Transport },
            t.Transport == TransportKind.WsLegacy ? [] : bounds));

    /// <summary>A saturated room of each size.</summary>
    internal static IEnumerable<Step> Growth(IEnumerable<int> sizes, RoomOptions options, LoadSettings settings) =>
        sizes.Select(members => new Step(
            Keys.Growth + members.ToString(CultureInfo.InvariantCulture),
            new RoomScenario(options with { Members = members }),
            settings));

    /// <summary>
    /// A rate that leaves time between messages: how many of them one write carries is then the same in both, one. With
    /// a rate of 0 a small room, which soon waits for its sender, is compared with a large one, whose messages queue.
    /// </summary>
    internal static RoomOptions SmallRooms(int rooms, int members, TimeSpan period) =>
        new() { Rooms = rooms, Members = members, Period = period, Rate = 2 * rooms };

    /// <summary>Many small rooms, and one room with as many members that makes as many deliveries.</summary>
    internal static IEnumerable<Step> Rooms(RoomOptions options, LoadSettings settings)
    {
        var all = options.Rooms * options.Members;
        var one = options with { Rooms = 1, Members = all, Rate = options.Rate * (options.Members - 1) / (all - 1) };
        yield return new Step(Keys.RoomsMany, new RoomScenario(options), settings);
        yield return new Step(Keys.RoomsOne, new RoomScenario(one), settings);
    }

    /// <summary>The same room without slow members, and with.</summary>
    internal static IEnumerable<Step> Slow(RoomOptions options, LoadSettings settings)
    {
        yield return new Step(Keys.SlowWithout, new RoomScenario(options with { SlowPercent = 0 }), settings);
        yield return new Step(Keys.SlowWith, new RoomScenario(options), settings);
    }
}
