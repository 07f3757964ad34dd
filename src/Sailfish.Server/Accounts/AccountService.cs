using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>Sign-up, sign-in and what people change of themselves.</summary>
internal sealed class AccountService(
    IAccountStore store,
    AccountDirectory directory,
    IAvatarStore avatars,
    ILockout lockout,
    NameCheck names,
    PasswordHashing hashing,
    SuspensionTable suspensions,
    AppTable apps,
    IOptions<AccountOptions> options,
    TimeProvider time) : IDisposable
{
    private const string Taken = "The name is taken.";
    private const string NoSuchAccount = "There is no such account.";

    private readonly SemaphoreSlim _changes = new(1);

    public async Task<AccountOutcome> RegisterAsync(string? name, string? password, CancellationToken cancellationToken)
    {
        if (!options.Value.SignUp)
            return AccountOutcome.Refused("Nobody may sign up here.");
        if (!NameRules.TryAccountName(name, out var composed))
            return AccountOutcome.Bad($"name is {NameRules.MinAccountName} to {NameRules.MaxAccountName} letters, digits, _ - or .");
        if (PasswordRules.Problem(password) is { } problem)
            return AccountOutcome.Bad(problem);
        if (await names.RefusalAsync(composed, userId: 0, cancellationToken) is { } refusal)
            return AccountOutcome.Refused(refusal);
        if (await store.IsTakenAsync(composed, cancellationToken))
            return AccountOutcome.Refused(Taken);
        if (await hashing.HashAsync(password!, cancellationToken) is not { } hash)
            return AccountOutcome.Busy();
        var account = await store.CreateAsync(apps.First.AppId, composed, hash, composed, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (account is null)
            return AccountOutcome.Refused(Taken);
        directory.Remember(account);
        return AccountOutcome.Of(account);
    }

    public async Task<AccountOutcome> SignInAsync(string? name, string? password, SignInSource source, CancellationToken cancellationToken)
    {
        if (!NameRules.TryTyped(name, out var typed) || !PasswordRules.IsTyped(password))
            return AccountOutcome.Bad("name and password are needed.");
        name = typed;
        var account = await store.FindAsync(name, cancellationToken);
        var outcome = await CheckAsync(name, account, password, source, cancellationToken);
        if (outcome.Account is null)
            return outcome with { Named = account?.Id };
        // What was read before the hashing may have been changed meanwhile: it is not remembered, but read again.
        directory.Forget(account!.Id);
        return IsSuspended(account) ? AccountOutcome.Suspended() with { Named = account.Id } : outcome;
    }

    /// <summary>A new password for who knows the old one.</summary>
    public async Task<AccountOutcome> ChangePasswordAsync(Account account, string? old, string? password, SignInSource source, CancellationToken cancellationToken)
    {
        if (!PasswordRules.IsTyped(old))
            return AccountOutcome.Bad("old and new are needed.");
        if (PasswordRules.Problem(password) is { } problem)
            return AccountOutcome.Bad(problem);
        var now = await store.FindAsync(account.Id, cancellationToken);
        var outcome = await CheckAsync(account.Name, now, old, source, cancellationToken);
        if (outcome.Account is null)
            return outcome;
        return await SetPasswordAsync(account.Id, password!, now!.PasswordVersion, cancellationToken);
    }

    /// <summary>A new password by the server API.</summary>
    public async Task<AccountOutcome> ResetPasswordAsync(long id, string? password, CancellationToken cancellationToken)
    {
        if (PasswordRules.Problem(password) is { } problem)
            return AccountOutcome.Bad(problem);
        return await SetPasswordAsync(id, password!, version: null, cancellationToken);
    }

    public bool IsSuspended(Account account) => suspensions.IsSuspended(new UserKey(apps.First.AppId, account.Id));

    public async Task<AccountOutcome> RenameAsync(Account account, string? nickName, CancellationToken cancellationToken)
    {
        if (!NameRules.TryNickName(nickName, out var name))
            return AccountOutcome.Bad($"nickName is 1 to {NameRules.MaxNickName} characters that can be seen.");
        if (await names.RefusalAsync(name, account.Id, cancellationToken) is { } refusal)
            return AccountOutcome.Refused(refusal);
        return await ChangeAsync(() => store.RenameAsync(account.Id, name), cancellationToken) is { } renamed
            ? AccountOutcome.Of(renamed)
            : AccountOutcome.Unknown(NoSuchAccount);
    }

    /// <summary>Puts a picture in the place of the one before; null when it is no picture.</summary>
    public Task<Account?> ChangePictureAsync(long id, byte[] picture, CancellationToken cancellationToken) =>
        ChangeAsync(() => avatars.ChangeAsync(id, picture), cancellationToken);

    public void Dispose() => _changes.Dispose();

    /// <summary>Whether the password is the account's, which may be nobody's: after the lock, which is counted first, and before a free place to hash.</summary>
    private async Task<AccountOutcome> CheckAsync(string name, Account? account, string password, SignInSource source, CancellationToken cancellationToken)
    {
        var attempt = await lockout.BeginAsync(NameKey.Of(name), source.DeviceFor(account), source.Address);
        if (attempt.Wait is { } wait)
            return AccountOutcome.TooOften("Too many wrong passwords. Try again later.", wait);
        if (await TryCheckAsync(attempt, account?.PasswordHash, password, cancellationToken) is not { } check)
            return AccountOutcome.Busy();
        if (account is null || !check.IsRight)
            return AccountOutcome.Unknown("Name or password is wrong.");
        await lockout.SucceededAsync(attempt);
        if (check.NewHash is { } hash)
            await store.RehashAsync(account.Id, account.PasswordHash, hash);
        return AccountOutcome.Of(account);
    }

    /// <summary>Null when too many wait. Then, and when who asked goes away meanwhile, it was no attempt.</summary>
    private async Task<PasswordCheck?> TryCheckAsync(LockoutAttempt attempt, string? hash, string password, CancellationToken cancellationToken)
    {
        PasswordCheck? check = null;
        try
        {
            return check = await hashing.CheckAsync(hash, password, cancellationToken);
        }
        finally
        {
            if (check is null)
                await lockout.CancelledAsync(attempt);
        }
    }

    private async Task<AccountOutcome> SetPasswordAsync(long id, string password, long? version, CancellationToken cancellationToken)
    {
        if (await hashing.HashAsync(password, cancellationToken) is not { } hash)
            return AccountOutcome.Busy();
        if (!await store.ChangePasswordAsync(id, hash, version))
            return AccountOutcome.Unknown("The password was changed meanwhile, or there is no such account.");
        directory.Forget(id);
        return await directory.FindAsync(apps.First.AppId, id, CancellationToken.None) is { } changed
            ? AccountOutcome.Of(changed)
            : AccountOutcome.Unknown(NoSuchAccount);
    }

    /// <summary>
    /// One change after the other: what is remembered is what was stored last. Not cancelled half way: what is stored is
    /// remembered.
    /// </summary>
    private async Task<Account?> ChangeAsync(Func<Task<Account?>> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var before = directory.Changes;
            var account = await change();
            if (account is not null)
                directory.Remember(account, before);
            return account;
        }
        finally
        {
            _changes.Release();
        }
    }
}

internal enum AccountStatus
{
    Done,
    Bad,
    Unknown,
    Refused,
    Suspended,
    TooOften,
}

/// <summary>An account, or why there is none.</summary>
internal readonly record struct AccountOutcome(AccountStatus Status, Account? Account, string Message)
{
    /// <summary>Whose name was given, when it was somebody's: for the audit, not for the answer.</summary>
    public long? Named { get; init; }

    /// <summary>With <see cref="AccountStatus.TooOften"/>.</summary>
    public TimeSpan RetryAfter { get; init; }

    public static AccountOutcome Of(Account account) => new(AccountStatus.Done, account, "success");

    public static AccountOutcome Bad(string message) => new(AccountStatus.Bad, null, message);

    public static AccountOutcome Unknown(string message) => new(AccountStatus.Unknown, null, message);

    public static AccountOutcome Refused(string message) => new(AccountStatus.Refused, null, message);

    public static AccountOutcome Suspended() => new(AccountStatus.Suspended, null, "The account is suspended.");

    public static AccountOutcome TooOften(string message, TimeSpan wait) => new(AccountStatus.TooOften, null, message) { RetryAfter = wait };

    /// <summary>Too many passwords wait to be looked at.</summary>
    public static AccountOutcome Busy() => TooOften("Too many sign in at this moment. Try again in some seconds.", TimeSpan.FromSeconds(3));
}
