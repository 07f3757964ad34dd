namespace Sailfish.Tests.Client;

/// <summary>What a <see cref="FakeServer"/> speaks.</summary>
public enum FakeDialect
{
    Tcp,
    WebSocketJson,
    WebSocketBinary,
}
