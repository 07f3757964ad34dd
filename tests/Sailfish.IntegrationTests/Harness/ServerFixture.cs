namespace Sailfish.IntegrationTests.Harness;

/// <summary>One server for all tests of a class, each of which keeps to users, rooms and people of its own.</summary>
public sealed class ServerFixture<T> : IAsyncLifetime
    where T : IServerSettings
{
    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(T.Settings);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
