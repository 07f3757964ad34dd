namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Holds who wants to begin to read, for moments.</summary>
internal sealed class ReaderGate
{
    private volatile TaskCompletionSource? _closed;

    public Task WaitAsync() => _closed?.Task ?? Task.CompletedTask;

    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open()
    {
        var closed = _closed;
        _closed = null;
        closed?.TrySetResult();
    }
}
