using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Hashes passwords, which is meant to take a processor its time: on all but one of them at once, with a short queue, so that
/// a flood of sign-ins delays sign-ins and nothing else.
/// </summary>
internal sealed class PasswordHashing(IPasswordHasher<Account> hasher, TimeProvider time) : IDisposable
{
    /// <summary>PBKDF2 with SHA-512, as OWASP's password storage cheat sheet has it.</summary>
    public const int Iterations = 210_000;

    private const int MaxWaiting = 32;

    // The framework's format, version 3: the version, the algorithm, the rounds and the salt's length, then salt and key.
    private const byte Version3 = 1;
    private const int RoundsAt = 5;
    private const int SaltAt = 13;
    private const int SaltBytes = 16;

    /// <summary>On a machine that has no time the queue is as short as people's patience.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private const int KeyBytes = 32;
    private static readonly Account Nobody = new(0, "", "", "", null);

    /// <summary>Checked against when a name does not exist, so that the answer takes as long as for one that does.</summary>
    private static readonly string NobodysHash = MakeNobodysHash();

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount - 1),
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Null when too many wait.</summary>
    public async Task<string?> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var lease = await EnterAsync(cancellationToken);
        return lease is { IsAcquired: true } ? Hash(password) : null;
    }

    /// <summary>Whether the password is the hash's, or nobody's; null when too many wait.</summary>
    public async Task<PasswordCheck?> CheckAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        using var lease = await EnterAsync(cancellationToken);
        return lease is { IsAcquired: true } ? Check(hash ?? NobodysHash, password) : null;
    }

    public void Dispose() => _limiter.Dispose();

    private async Task<RateLimitLease?> EnterAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await _limiter.AcquireAsync(1, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private PasswordCheck Check(string hash, string password)
    {
        var composed = PasswordRules.Compose(password);
        var verdict = hasher.VerifyHashedPassword(Nobody, hash, composed);
        if (verdict == PasswordVerificationResult.Failed && composed != password)
        {
            // Hashed as it was typed, by a version that did not compose.
            verdict = hasher.VerifyHashedPassword(Nobody, hash, password) == PasswordVerificationResult.Failed
                ? PasswordVerificationResult.Failed
                : PasswordVerificationResult.SuccessRehashNeeded;
        }

        if (verdict == PasswordVerificationResult.Failed)
            MakeUp(hash, times: composed == password ? 1 : 2);

        return new PasswordCheck(
            verdict != PasswordVerificationResult.Failed,
            verdict == PasswordVerificationResult.SuccessRehashNeeded ? Hash(password) : null);
    }

    /// <summary>
    /// A wrong password takes as long for an old hash as for a new one and for nobody's: the time tells nobody that there is
    /// an account.
    /// </summary>
    private static void MakeUp(string hash, int times)
    {
        if (MissingRounds(hash) is > 0 and var missing)
            Rfc2898DeriveBytes.Pbkdf2("", stackalloc byte[SaltBytes], missing * times, HashAlgorithmName.SHA512, KeyBytes);
    }

    /// <summary>How many rounds a hash has less than a new one.</summary>
    internal static int MissingRounds(string hash)
    {
        const int Head = RoundsAt + sizeof(int);
        const int Characters = Head / 3 * 4;
        Span<byte> head = stackalloc byte[Head];
        return hash.Length > Characters && Convert.TryFromBase64Chars(hash.AsSpan(0, Characters), head, out _) && head[0] == Version3
            ? Iterations - BinaryPrimitives.ReadInt32BigEndian(head[RoundsAt..])
            : 0;
    }

    private string Hash(string password) => hasher.HashPassword(Nobody, PasswordRules.Compose(password));

    /// <summary>In the framework's format, version 3, of a password that nobody knows.</summary>
    private static string MakeNobodysHash()
    {
        const int Sha512 = 2;
        var bytes = new byte[SaltAt + SaltBytes + KeyBytes];
        bytes[0] = Version3;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Sha512);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RoundsAt), Iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), SaltBytes);
        RandomNumberGenerator.Fill(bytes.AsSpan(SaltAt));
        return Convert.ToBase64String(bytes);
    }
}

/// <summary>Whether a password is right, and the hash to be stored anew when the old one is from before.</summary>
internal sealed record PasswordCheck(bool IsRight, string? NewHash);
