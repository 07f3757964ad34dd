namespace Sailfish.IntegrationTests.Harness;

/// <summary>What a server says that does not start.</summary>
internal static class StartErrors
{
    /// <summary>Long enough for a secret, and in no line that is shown.</summary>
    public const string GoodSecret = "0123456789012345678901234567890123456789";

    public static void AssertOneLine((int ExitCode, string Output) result, string named)
    {
        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith("Sailfish cannot start. ", line, StringComparison.Ordinal);
        Assert.Contains(named, line);
        Assert.DoesNotContain("   at ", line);
        // Classes and patterns say nothing to who wrote the setting.
        Assert.DoesNotMatch("[A-Za-z]Options\\b|type '|regular expression", line);
        Assert.DoesNotContain(GoodSecret, line);
    }
}
