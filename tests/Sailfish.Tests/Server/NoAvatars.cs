using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server;

/// <summary>Nobody has a picture.</summary>
internal sealed class NoAvatars : IAvatarStore
{
    public Task<Account?> ChangeAsync(long accountId, byte[] picture) => Task.FromResult<Account?>(null);

    public ValueTask<StoredPicture?> FindAsync(string name) => new((StoredPicture?)null);
}
