using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>One server for the tests of a class that need no settings of their own; each test has users and rooms of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private static long _nextUser = 10_000;
    private static long _nextRoom;

    public ServerProcess Server { get; private set; } = null!;

    public static long NewUser() => Interlocked.Increment(ref _nextUser);

    public static long NewRoom() => Interlocked.Increment(ref _nextRoom);

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0", "Limits:SyncsPerSecond=0", "Content:MaxExtraBytes=55000");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
