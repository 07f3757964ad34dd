namespace Sailfish.TestKit;

/// <summary>Tests that take long by what they try; <c>./test --long</c> runs them, too.</summary>
public static class LongTests
{
    /// <summary>Why one is left out.</summary>
    public const string LeftOut = "It takes long: ./test --long.";

    public static bool AreOn => Environment.GetEnvironmentVariable("SAILFISH_LONG_TESTS") == "1";
}
