namespace Sailfish.Server.Storage.Postgres;

/// <summary>Logins and logouts that are written together, of each user one: so each sees what the one before it has done.</summary>
internal sealed class DirectoryBatch
{
    private List<DirectoryLogin> _logins = [];
    private List<DirectoryLogout> _logouts = [];

    public int Count => _logins.Count + _logouts.Count;

    public IReadOnlyList<DirectoryLogin> Logins => _logins;

    public IReadOnlyList<DirectoryLogout> Logouts => _logouts;

    public IEnumerable<DirectoryJob> Jobs => [.. _logins, .. _logouts];

    public void Add(DirectoryJob job)
    {
        if (job is DirectoryLogin login)
            _logins.Add(login);
        else
            _logouts.Add((DirectoryLogout)job);
    }

    /// <summary>One that cannot be written must not take its neighbours with it: each for itself.</summary>
    public IEnumerable<DirectoryBatch> Split()
    {
        foreach (var job in Jobs)
        {
            var alone = new DirectoryBatch();
            alone.Add(job);
            yield return alone;
        }
    }

    /// <summary>Takes out what was written, and tells it.</summary>
    public void Settle(DirectoryAnswer answer)
    {
        for (var i = 0; i < _logouts.Count; i++)
            _logouts[i].Settle(answer.Exits[i]);
        _logouts = [];
        if (!answer.IsAlive)
            return;
        for (var i = 0; i < _logins.Count; i++)
            _logins[i].Settle(answer.Entries[i]!);
        _logins = [];
    }
}
