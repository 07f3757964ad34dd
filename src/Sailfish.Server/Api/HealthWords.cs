using Sailfish.Server.Cluster;

namespace Sailfish.Server.Api;

/// <summary>How what a node stands on is told.</summary>
internal static class HealthWords
{
    private const string Up = "up";
    private const string Away = "away";

    public static string Of(bool isUp) => isUp ? Up : Away;

    public static string Of(BusHealth? bus) => Of(bus == BusHealth.Up);
}
