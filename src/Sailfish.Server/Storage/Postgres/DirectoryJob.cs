using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A login or a logout that waits to be written.</summary>
internal abstract class DirectoryJob(Session session)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Dropped = 2;
    private const int Overtaken = 3;
    private int _state;

    public Session Session => session;

    /// <summary>From now on it may be in the database, whatever is told of it; false when nobody wants it any more.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>False when it may be in the database.</summary>
    public bool TryDrop() => Interlocked.CompareExchange(ref _state, Dropped, Waiting) is Waiting or Overtaken;

    /// <summary>Later ones have made it needless before it was taken; false when it was, or when nobody wants it any more.</summary>
    protected bool TryOvertake() => Interlocked.CompareExchange(ref _state, Overtaken, Waiting) == Waiting;

    /// <summary>It cannot be written.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>It will not be.</summary>
    public abstract void Cancel();
}
