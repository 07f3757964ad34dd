using System.Runtime.InteropServices;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Commands;

/// <summary>
/// SIGTERM, SIGINT and SIGQUIT end the process in good order at any moment, and SIGHUP, which a closed terminal or a log
/// rotation sends, is ignored. In the place of the host's own, which knows them only from the middle of its start on, and
/// there answers with a fault.
/// </summary>
internal sealed class StopSignals : IHostLifetime, IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private volatile Func<bool>? _stop;
    private volatile bool _isCalledOff;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true),
    ];

    /// <summary>Of a stop before the server listens: a start that is called off is no failure, half a backup is.</summary>
    public int ExitCode { get; set; }

    /// <summary>Whether one came before the server listened: what fails from then on does so because of it.</summary>
    public bool IsCalledOff => _isCalledOff;

    /// <summary>From when it listens on, a server drains; until then nobody has been promised anything.</summary>
    public void Stops(IServiceProvider server)
    {
        var (state, lifetime) = (server.GetRequiredService<ServerState>(), server.GetRequiredService<IHostApplicationLifetime>());
        _stop = () =>
        {
            if (state.IsStarted)
                lifetime.StopApplication();
            return state.IsStarted;
        };
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop?.Invoke() == true)
            return;
        _isCalledOff = true;
        Environment.Exit(ExitCode);
    }
}
