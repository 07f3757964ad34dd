using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server;

/// <summary>One account at the most, and how often it was looked for by id.</summary>
internal sealed class CountingAccountStore : IAccountStore
{
    private Account? _account;

    public int LookUps { get; private set; }

    public long LastId { get; set; } = Account.FirstId;

    /// <summary>A reader has its answer, and gives it when this is done.</summary>
    public TaskCompletionSource? Reading { get; set; }

    /// <summary>After an account was found by its name, before it is told.</summary>
    public Action? FoundByName { get; set; }

    public void Rename(string nickName) => _account = _account! with { NickName = nickName };

    public Task<Account?> CreateAsync(long appId, string name, string passwordHash, string nickName, long time)
    {
        _account = new Account(Account.FirstId, name, passwordHash, nickName, null);
        return Task.FromResult<Account?>(_account);
    }

    public ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = _account?.Name == name ? _account : null;
        FoundByName?.Invoke();
        return new(found);
    }

    public async ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken)
    {
        LookUps++;
        var found = _account?.Id == id ? _account : null;
        if (Reading is { } reading)
            await reading.Task;
        return found;
    }

    public ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken) => new(false);

    public ValueTask<bool> IsTakenAsync(string name, CancellationToken cancellationToken) => new(_account?.Name == name);

    public Task<bool> ChangePasswordAsync(long id, string passwordHash, long? version) => Task.FromResult(false);

    public Task RehashAsync(long id, string oldHash, string newHash) => Task.CompletedTask;

    public Task<Account?> RenameAsync(long id, string nickName)
    {
        Rename(nickName);
        return Task.FromResult(_account);
    }
}
