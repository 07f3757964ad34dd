using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary>A failure as sentences for whoever started the program.</summary>
internal static class StartProblems
{
    private const string OtherPorts =
        "Choose other ports: Sailfish:Http:Port, Sailfish:Gateway:TcpPort, Sailfish:Gateway:WebSocketPort, Sailfish:Media:RtmpPort.";

    /// <summary>Null when it is a fault of the program.</summary>
    public static IReadOnlyList<string>? Of(Exception problem) => problem switch
    {
        ConfigurationException => [problem.Message],
        OptionsValidationException validation => [.. validation.Failures],
        // Settings of several sections at once.
        AggregateException { InnerExceptions: var several } when several.All(e => e is OptionsValidationException) =>
            [.. several.Cast<OptionsValidationException>().SelectMany(e => e.Failures)],
        InvalidDataException { InnerException: { } reason } => [$"{problem.Message} {reason.GetBaseException().Message}"],
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            [$"{ConfigurationCheck.Root}:Bind: no interface of this machine has the address."],
        SocketException { SocketErrorCode: SocketError.AccessDenied } => [$"A port below 1024 needs a privilege. {OtherPorts}"],
        IOException { InnerException: not null } or SocketException => [$"{problem.Message} Is another server running? {OtherPorts}"],
        UnauthorizedAccessException => [$"{problem.Message} Choose a folder that can be written to: --Sailfish:DataDir=…."],
        _ => null,
    };
}
