namespace Sailfish.LoadTest.Results;

/// <summary>Under which keys the results of plans are found again.</summary>
internal static class Keys
{
    internal const string Direct = "direct";
    internal const string DirectRate = "direct/rate";
    internal const string Store = "store";
    internal const string Storm = "storm";
    internal const string RoomsMany = "rooms/many";
    internal const string RoomsOne = "rooms/one";
    internal const string SlowWithout = "slow/without";
    internal const string SlowWith = "slow/with";
}
