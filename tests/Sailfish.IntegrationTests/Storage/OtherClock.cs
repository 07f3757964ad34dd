namespace Sailfish.IntegrationTests.Storage;

/// <summary>A machine's clock that is not set.</summary>
internal sealed class OtherClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
