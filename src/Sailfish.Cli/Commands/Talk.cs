using Sailfish.Cli.Terminal;
using Sailfish.Client;

namespace Sailfish.Cli.Commands;

/// <summary>Lines in, messages out, until the input, the user or the server ends it.</summary>
internal sealed class Talk
{
    /// <summary>Lines that may be without a receipt; then reading waits, so that a long input does not fill the memory.</summary>
    private const int MaxUnsent = 256;

    private readonly SailfishClient _client;
    private readonly Printer _printer;
    private readonly Func<string, Task<Receipt>> _send;
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<Task> _unsent = [];
    private int _exitCode = ExitCodes.Success;

    public Talk(SailfishClient client, Printer printer, Func<string, Task<Receipt>> send)
    {
        _client = client;
        _printer = printer;
        _send = send;
        client.StateChanged += (_, change) => Tell(change);
        client.Closed += (_, closed) => EndIf(closed.Reason != ClientErrors.Closed, ExitCodes.Failure, $"closed by the server: {closed.Reason}");
        client.Gap += (_, gap) => Printer.Note($"messages are lost: {gap.Conversation} {gap.FirstMissing} to {gap.LastMissing}");
    }

    public void EndIf(bool condition, int exitCode, string why)
    {
        if (condition && _end.TrySetResult(exitCode))
            Printer.Note(why);
    }

    public async Task<int> RunAsync(Stream input, bool stay, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var printing = PrintAsync(stop.Token);
        var watching = OutputWatch.RunAsync(stop.Token);
        var talking = SendLinesAsync(input, stay, stop.Token);
        var telling = TellWhatIsInTheWayAsync(stop.Token);
        try
        {
            var first = await Task.WhenAny(talking, _end.Task, printing, watching);
            await first;
            if (first == _end.Task)
                _exitCode = await _end.Task;
        }
        finally
        {
            // What is not printed by now is not acknowledged: the next time brings it.
            await stop.CancelAsync();
            await Task.WhenAny(printing);
            await telling;
            await _client.DisposeAsync();
        }

        await PrintRestAsync();
        return _exitCode;
    }

    private async Task PrintAsync(CancellationToken cancellation)
    {
        await foreach (var message in _client.Messages(cancellation))
            _printer.Print(message);
        // The client is closed; why, is told by its event.
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    /// <summary>Who talks does not see that something does not come.</summary>
    private async Task TellWhatIsInTheWayAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.CatchUpAsync(cancellation);
        }
        catch (SailfishException e) when (e.Error == ClientErrors.LeftUnread)
        {
            Printer.Note(e.Message);
        }
        catch (Exception e) when (e is SailfishException or OperationCanceledException)
        {
            // The end, which others tell.
        }
    }

    /// <summary>What came before the end and does not come again: nobody acknowledges what is said in rooms.</summary>
    private async Task PrintRestAsync()
    {
        await foreach (var message in _client.Messages())
        {
            if (message.RoomId is not null)
                _printer.Print(message);
        }
    }

    private async Task SendLinesAsync(Stream input, bool stay, CancellationToken cancellation)
    {
        var lines = new InputLines(input);
        for (var number = 1; await lines.ReadAsync(cancellation) is { } line; number++)
        {
            if (line.Text is null)
                Refuse($"line {number} is not valid {InputLines.EncodingName}");
            else if (line.Text.Length > 0)
                _unsent.Enqueue(SendAsync(line.Text));
            while (_unsent.TryPeek(out var oldest) && (oldest.IsCompleted || _unsent.Count > MaxUnsent))
                await _unsent.Dequeue().WaitAsync(cancellation);
        }

        await Task.WhenAll(_unsent).WaitAsync(cancellation);
        await (stay ? Task.Delay(Timeout.Infinite, cancellation) : _client.CatchUpAsync(cancellation));
    }

    private void Refuse(string why)
    {
        Printer.Note($"not sent: {why}");
        _exitCode = ExitCodes.Failure;
    }

    private async Task SendAsync(string line)
    {
        try
        {
            await _send(line);
        }
        catch (Exception e) when (e is SailfishException { Error: not ClientErrors.Closed } or ArgumentException)
        {
            Refuse(e.Message);
        }
        catch (SailfishException)
        {
            // The client is closed; why, is told by its event.
        }
    }

    private static void Tell(StateChangedEventArgs change)
    {
        var word = change.State switch
        {
            SailfishState.Online => "online",
            SailfishState.Reconnecting => "connecting again",
            _ => null,
        };
        if (word is not null)
            Printer.Note(change.Reason is { } reason ? $"{word} ({reason})" : word);
    }
}
