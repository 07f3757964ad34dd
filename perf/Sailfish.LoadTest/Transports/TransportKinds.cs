namespace Sailfish.LoadTest.Transports;

/// <summary>Names of <see cref="TransportKind"/>.</summary>
internal static class TransportKinds
{
    /// <summary>Those that Sailfish speaks.</summary>
    internal static TransportKind[] OfSailfish => [.. Enum.GetValues<TransportKind>().Where(k => k is not (TransportKind.SignalR or TransportKind.Nats))];

    internal static string[] Names => [.. OfSailfish.Select(Name)];

    internal static string Name(this TransportKind kind) => kind switch
    {
        TransportKind.WsBinary => "ws-binary",
        TransportKind.WsJson => "ws-json",
        TransportKind.WsLegacy => "ws-legacy",
        TransportKind.SignalR => "signalr-json",
        TransportKind.Nats => "nats",
        _ => "tcp",
    };

    internal static TransportKind Parse(string name) => Enum.GetValues<TransportKind>().First(k => k.Name() == name);
}
