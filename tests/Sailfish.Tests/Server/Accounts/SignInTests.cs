using Microsoft.AspNetCore.Identity;
using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server.Accounts;

/// <summary>When a password is hashed, which is meant to take its time, and what counts when it is not.</summary>
public sealed class SignInTests : IDisposable
{
    private const string Right = "a secret of alice";
    private static readonly SignInSource Home = new("192.0.2.1");
    private readonly SlowHasher _hasher = new();
    private readonly AccountOptions _accounts = new();
    private readonly AccountParts _parts;

    public SignInTests() => _parts = new AccountParts(_accounts, _hasher, "badword");

    public void Dispose()
    {
        _parts.Dispose();
        _hasher.Dispose();
    }

    [Fact]
    public async Task Who_finds_no_place_to_be_looked_at_has_made_no_attempt()
    {
        await RegisterAsync("alice", Right);
        _hasher.Hold();
        var others = Enumerable.Range(0, 200).Select(i => Task.Run(() => SignInAsync($"nobody{i}", "some password"))).ToList();
        // Nobody is done while passwords are held: the first is one that found no place.
        await Task.WhenAny(others);
        for (var i = 0; i < 2 * _accounts.MaxFailures; i++)
            Assert.Equal((AccountStatus.TooOften, TimeSpan.FromSeconds(3)), await OutcomeAsync("a wrong password"));
        _hasher.LetGo();
        await Task.WhenAll(others);
        Assert.Equal(AccountStatus.Done, (await SignInAsync("alice", Right)).Status);
    }

    [Theory]
    [InlineData("alice", Right)]
    [InlineData("System", Right)]
    [InlineData("mybadword", Right)]
    [InlineData("a", Right)]
    [InlineData("bob", "short")]
    [InlineData("bob", "password123")]
    public async Task What_is_refused_all_the_same_is_not_hashed(string name, string password)
    {
        await RegisterAsync("alice", Right);
        var before = _hasher.Count;
        Assert.NotEqual(AccountStatus.Done, (await _parts.Service.RegisterAsync(name, password, CancellationToken.None)).Status);
        Assert.Equal(before, _hasher.Count);
    }

    [Fact]
    public async Task Nobody_is_hashed_for_without_a_password_or_beyond_the_lock()
    {
        await RegisterAsync("alice", Right);
        for (var i = 0; i < _accounts.MaxFailures; i++)
            Assert.Equal(AccountStatus.Unknown, (await SignInAsync("alice", "a wrong password")).Status);
        var before = _hasher.Count;
        Assert.Equal(AccountStatus.TooOften, (await SignInAsync("alice", Right)).Status);
        Assert.Equal(AccountStatus.Bad, (await SignInAsync("alice", null)).Status);
        Assert.Equal(before, _hasher.Count);
    }

    private async Task RegisterAsync(string name, string password) =>
        Assert.Equal(AccountStatus.Done, (await _parts.Service.RegisterAsync(name, password, CancellationToken.None)).Status);

    private Task<AccountOutcome> SignInAsync(string name, string? password) => _parts.Service.SignInAsync(name, password, Home, CancellationToken.None);

    private async Task<(AccountStatus Status, TimeSpan RetryAfter)> OutcomeAsync(string password)
    {
        var outcome = await SignInAsync("alice", password);
        return (outcome.Status, outcome.RetryAfter);
    }

    /// <summary>Takes as long as the test wants.</summary>
    private sealed class SlowHasher : IPasswordHasher<Account>, IDisposable
    {
        private readonly ManualResetEventSlim _mayGo = new(true);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Hold() => _mayGo.Reset();

        public void LetGo() => _mayGo.Set();

        public string HashPassword(Account user, string password) => Take(password);

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword) =>
            Take(providedPassword) == hashedPassword ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;

        public void Dispose() => _mayGo.Dispose();

        private string Take(string password)
        {
            Interlocked.Increment(ref _count);
            _mayGo.Wait();
            return password;
        }
    }
}
