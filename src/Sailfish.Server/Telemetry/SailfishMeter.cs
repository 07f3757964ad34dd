namespace Sailfish.Server.Telemetry;

/// <summary>The one meter of the server.</summary>
internal static class SailfishMeter
{
    public const string Name = "Sailfish";
}
