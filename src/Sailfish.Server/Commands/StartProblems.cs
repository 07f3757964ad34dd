using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Sailfish.Server.Configuration;

namespace Sailfish.Server.Commands;

/// <summary>A failure as sentences for whoever started the program.</summary>
internal static class StartProblems
{
    private const string OtherPorts =
        "Choose other ports: Sailfish:Http:Port, Sailfish:Gateway:TcpPort, Sailfish:Gateway:WebSocketPort.";

    /// <summary>Runs the program, and says in one line why it ended; a fault of its own is left as it is.</summary>
    public static async Task<int> TellAsync(Func<Task<int>> run, StopSignals signals)
    {
        try
        {
            return await run();
        }
#pragma warning disable CA1031 // whatever breaks while the process ends
        catch (Exception) when (signals.IsCalledOff)
#pragma warning restore CA1031
        {
            return signals.ExitCode;
        }
        catch (Exception problem) when (Of(problem) is { } sentences)
        {
            await Console.Error.WriteLineAsync($"Sailfish cannot start. {string.Join(" ", sentences)}");
            return 1;
        }
    }

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
