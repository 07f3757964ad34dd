namespace Sailfish.LoadTest.Transports;

/// <summary>Where the server listens.</summary>
internal sealed record ServerPorts(int Tcp, int WebSocket, int Http);
