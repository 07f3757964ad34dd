using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Uploaded pictures as files in DataDir/avatars, beside the accounts in the database.</summary>
internal sealed class SqliteAvatarStore(IOptions<ServerOptions> options, SqliteAccountStore accounts) : IAvatarStore, IDisposable
{
    /// <summary>Of the data folder.</summary>
    public const string Folder = "avatars";

    private readonly string _folder = Path.Combine(options.Value.DataDir, Folder);

    /// <summary>One after the other: the picture of a change before must not delete this one, nor stay when this one replaces it.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    public async Task<Account?> ChangeAsync(long accountId, byte[] picture)
    {
        if (PictureNames.Of(accountId, picture) is not { } name)
            return null;
        await _turn.WaitAsync();
        try
        {
            await SaveAsync(name, picture);
            var (account, before) = await accounts.ChangeAvatarAsync(accountId, name);
            // Of nobody's account there is nothing to keep.
            if ((account is null ? name : before) is { } old && old != account?.Avatar)
                File.Delete(PathOf(old));
            return account;
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask<StoredPicture?> FindAsync(string name) =>
        new(PictureNames.ContentTypeOf(name) is { } type && File.Exists(PathOf(name)) ? new StoredPicture(type, PathOf(name), null) : null);

    public void Dispose() => _turn.Dispose();

    private async Task SaveAsync(string name, byte[] picture)
    {
        Directory.CreateDirectory(_folder);
        // Aside first: whoever looks at the same picture meanwhile sees a whole one, also after the power went.
        var aside = PathOf(name + ".new");
        await using (var file = DurableFile.CreatePrivate(aside))
            await file.WriteAsync(picture, CancellationToken.None);
        DurableFile.Publish(aside, PathOf(name));
    }

    private string PathOf(string name) => Path.GetFullPath(Path.Combine(_folder, Path.GetFileName(name)));
}
