namespace Sailfish.LoadTest.Results;

/// <summary>Under which keys the results of plans are found again.</summary>
internal static class Keys
{
    internal const string SlowWithout = "slow/without";
    internal const string SlowWith = "slow/with";
}
