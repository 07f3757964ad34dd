using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Holds the writer in a job of its own until it is released: what is queued meanwhile comes into one transaction.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly ManualResetEventSlim _isHeld = new();
    private readonly ManualResetEventSlim _isReleased = new();
    private readonly Task _job;

    public HeldWriter(SqliteWriter writer)
    {
        _job = writer.WriteAsync(_ =>
        {
            _isHeld.Set();
            _isReleased.Wait();
        });
        _isHeld.Wait();
    }

    public Task ReleaseAsync()
    {
        _isReleased.Set();
        return _job;
    }

    public void Dispose()
    {
        // The writer may still be about to wait for it.
        _isReleased.Set();
        _job.Wait();
        _isHeld.Dispose();
        _isReleased.Dispose();
    }
}
