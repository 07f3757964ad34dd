namespace Sailfish.IntegrationTests.Harness;

/// <summary>Users and rooms that no other test has.</summary>
internal static class TestIds
{
    private static long _lastUser = 10_000;
    private static long _lastRoom;

    public static long NewUser() => Interlocked.Increment(ref _lastUser);

    public static long NewRoom() => Interlocked.Increment(ref _lastRoom);
}
