using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Sailfish.Client.Events;

/// <summary>Runs the application's event handlers one after another, away from the connection's own loops and locks.</summary>
internal sealed class EventQueue
{
    private readonly Channel<Action> _calls = Channel.CreateUnbounded<Action>(new() { SingleReader = true });

    public EventQueue() => Done = Task.Run(RunAsync);

    /// <summary>Ends once everything posted before <see cref="Complete"/> has run.</summary>
    public Task Done { get; }

    public void Post(Action call) => _calls.Writer.TryWrite(call);

    public void Complete() => _calls.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync())
            Run(call);
    }

    private static void Run(Action call)
    {
#pragma warning disable CA1031 // Whatever a handler throws is the application's: it is thrown where nothing of the client catches it.
        try
        {
            call();
        }
        catch (Exception e)
        {
            ThreadPool.QueueUserWorkItem(static e => e.Throw(), ExceptionDispatchInfo.Capture(e), preferLocal: false);
        }
#pragma warning restore CA1031
    }
}
