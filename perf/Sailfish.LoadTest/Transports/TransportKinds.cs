namespace Sailfish.LoadTest.Transports;

/// <summary>Names of <see cref="TransportKind"/>.</summary>
internal static class TransportKinds
{
    internal static string[] Names => [.. Enum.GetValues<TransportKind>().Select(Name)];

    internal static string Name(this TransportKind kind) => kind switch
    {
        TransportKind.WsBinary => "ws-binary",
        TransportKind.WsJson => "ws-json",
        TransportKind.WsLegacy => "ws-legacy",
        _ => "tcp",
    };

    internal static TransportKind Parse(string name) => Enum.GetValues<TransportKind>().First(k => k.Name() == name);
}
