using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>Sign-up, sign-in and what people change of themselves.</summary>
internal sealed class AccountService(
    IAccountStore store,
    AccountDirectory directory,
    AvatarStore avatars,
    Lockout lockout,
    NameCheck names,
    IPasswordHasher<Account> hasher,
    IOptions<AccountOptions> options,
    TimeProvider time) : IDisposable
{
    public const int MinPassword = 6;
    public const int MaxPassword = 128;

    /// <summary>Checked against when a name does not exist, so that the answer takes as long as for one that does.</summary>
    private static readonly Account Nobody = new(0, "", "", "", null);
    private readonly SemaphoreSlim _changes = new(1);
    private readonly string _nobodysHash = hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    public async Task<AccountOutcome> RegisterAsync(string? name, string? password, CancellationToken cancellationToken)
    {
        if (!options.Value.SignUp)
            return AccountOutcome.Refused("Nobody may sign up here.");
        if (!NameRules.TryAccountName(name, out var composed) || !IsPassword(password))
            return AccountOutcome.Bad($"name is {NameRules.MinAccountName} to {NameRules.MaxAccountName} letters, digits, _ - or ., password {MinPassword} to {MaxPassword} characters.");
        if (await names.RefusalAsync(composed, userId: 0, cancellationToken) is { } refusal)
            return AccountOutcome.Refused(refusal);
        var account = await store.CreateAsync(composed, hasher.HashPassword(Nobody, password!), composed, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        if (account is null)
            return AccountOutcome.Refused("The name is taken.");
        // Somebody may have written under this id before, with a token: that it had no account was remembered.
        directory.Remember(account);
        return AccountOutcome.Of(account);
    }

    public async Task<AccountOutcome> SignInAsync(string? name, string? password, CancellationToken cancellationToken)
    {
        if (!NameRules.TryTyped(name, out var typed) || password is not { Length: > 0 and <= MaxPassword })
            return AccountOutcome.Bad("name and password are needed.");
        name = typed;
        if (lockout.IsLocked(name))
            return AccountOutcome.TooOften("Too many wrong passwords. Try again in a minute.");
        var account = await store.FindAsync(name, cancellationToken);
        var verdict = hasher.VerifyHashedPassword(account ?? Nobody, account?.PasswordHash ?? _nobodysHash, password);
        if (account is null || verdict == PasswordVerificationResult.Failed)
        {
            lockout.Failed(name);
            return AccountOutcome.Unknown("Name or password is wrong.") with { Named = account?.Id };
        }

        lockout.Succeeded(name);
        directory.Remember(account);
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            await ChangeAsync(account.Id, a => a with { PasswordHash = hasher.HashPassword(Nobody, password) }, cancellationToken);
        return AccountOutcome.Of(account);
    }

    public async Task<AccountOutcome> RenameAsync(Account account, string? nickName, CancellationToken cancellationToken)
    {
        if (!NameRules.TryNickName(nickName, out var name))
            return AccountOutcome.Bad($"nickName is 1 to {NameRules.MaxNickName} characters that can be seen.");
        if (await names.RefusalAsync(name, account.Id, cancellationToken) is { } refusal)
            return AccountOutcome.Refused(refusal);
        return AccountOutcome.Of(await ChangeAsync(account.Id, a => a with { NickName = name }, cancellationToken));
    }

    /// <summary>Puts a picture in the place of the one before, whose file goes; null when it is no picture.</summary>
    public Task<Account?> ChangePictureAsync(long id, byte[] picture, CancellationToken cancellationToken) =>
        OneAtATimeAsync(
            async () =>
            {
                // In one turn: the picture of a change before must not delete this one, nor stay when this one replaces it.
                if (await avatars.SaveAsync(id, picture) is not { } name)
                    return null;
                var before = (await store.FindAsync(id, CancellationToken.None))!;
                var account = await SaveAsync(before with { Avatar = name });
                if (before.Avatar is { } old && old != name)
                    avatars.Delete(old);
                return account;
            },
            cancellationToken);

    public void Dispose() => _changes.Dispose();

    private Task<Account> ChangeAsync(long id, Func<Account, Account> change, CancellationToken cancellationToken) =>
        OneAtATimeAsync(async () => await SaveAsync(change((await store.FindAsync(id, CancellationToken.None))!)), cancellationToken);

    /// <summary>Not cancelled half way: what is stored is remembered.</summary>
    private async Task<Account> SaveAsync(Account account)
    {
        await store.SaveAsync(account, CancellationToken.None);
        directory.Remember(account);
        return account;
    }

    /// <summary>One change after the other: two at once are both kept.</summary>
    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _changes.Release();
        }
    }

    private static bool IsPassword(string? password) => password is { Length: >= MinPassword and <= MaxPassword };
}

internal enum AccountStatus
{
    Done,
    Bad,
    Unknown,
    Refused,
    TooOften,
}

/// <summary>An account, or why there is none.</summary>
internal readonly record struct AccountOutcome(AccountStatus Status, Account? Account, string Message)
{
    /// <summary>Whose name was given, when it was somebody's: for the audit, not for the answer.</summary>
    public long? Named { get; init; }

    public static AccountOutcome Of(Account account) => new(AccountStatus.Done, account, "success");

    public static AccountOutcome Bad(string message) => new(AccountStatus.Bad, null, message);

    public static AccountOutcome Unknown(string message) => new(AccountStatus.Unknown, null, message);

    public static AccountOutcome Refused(string message) => new(AccountStatus.Refused, null, message);

    public static AccountOutcome TooOften(string message) => new(AccountStatus.TooOften, null, message);
}
