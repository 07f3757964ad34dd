namespace Sailfish.IntegrationTests.Harness;

/// <summary>How the server of a <see cref="ServerFixture{T}"/> is set.</summary>
public interface IServerSettings
{
    static abstract string[] Settings { get; }
}

/// <summary>As it is shipped.</summary>
public sealed class AsShipped : IServerSettings
{
    public static string[] Settings => [];
}

/// <summary>Without the rates that many tests on one address would run into, and with room beside the content of messages.</summary>
public sealed class WithoutRates : IServerSettings
{
    public static string[] Settings =>
        ["Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0", "Limits:SyncsPerSecond=0", "Content:MaxExtraBytes=55000"];
}

/// <summary>For calls of the page without the rates of an account, and without the page.</summary>
public sealed class ForManyPageCalls : IServerSettings
{
    public static string[] Settings => [.. ForPageCalls.Settings, "Accounts:CallsPerSecond=0"];
}

/// <summary>For calls of the page, without the page.</summary>
public sealed class ForPageCalls : IServerSettings
{
    public static string[] Settings =>
        ["Accounts:AttemptsPerMinute=0", "Limits:ConnectionsPerIpPerSecond=0", "Limits:JoinsPerSecond=0", "Http:PageDir=/nonexistent"];
}

/// <summary>For viewers who need no token.</summary>
public sealed class ForAnybody : IServerSettings
{
    public static string[] Settings => [.. ForPageCalls.Settings, "Media:Anonymous=true", "Http:AllowedOrigins:0=https://tv.example"];
}

/// <summary>For anchors whose encoders start their rooms.</summary>
public sealed class ForEncodersAlone : IServerSettings
{
    public static string[] Settings => [.. ForPageCalls.Settings, "Media:StartRoomOnPublish=true"];
}

/// <summary>For many guests who all come from one address.</summary>
public sealed class ForGuests : IServerSettings
{
    public static string[] Settings => [.. ForPageCalls.Settings, "Accounts:CallsPerSecond=0", "Living:GuestsPerAddress=0", "Living:AnchorAwaySeconds=600"];
}

/// <summary>For a browser: with the built page.</summary>
public sealed class ForBrowsers : IServerSettings
{
    public static string[] Settings =>
        [$"Http:PageDir={PageFolder.Path}", "Accounts:AttemptsPerMinute=0", "Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0", "Living:AnchorAwaySeconds=600"];
}

/// <summary>For a browser, with any free port for what sends pictures.</summary>
public sealed class ForVideo : IServerSettings
{
    public static string[] Settings => [.. ForBrowsers.Settings, "Media:RtmpPort=0"];
}
