using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server.Accounts;

public sealed class PasswordTests : IDisposable
{
    private static readonly Account Nobody = new(0, "", "", "", null);
    private readonly PasswordHashing _hashing = new(Hasher(PasswordHashing.Iterations), TimeProvider.System);

    public void Dispose() => _hashing.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short12")]
    [InlineData("password")]
    [InlineData("PassWord123")]
    [InlineData("12345678")]
    [InlineData("QWERTYUIOP")]
    [InlineData("iloveyou")]
    [InlineData("aaaaaaaa")]
    [InlineData("nul\0nul\0nul")]
    public void What_is_short_or_common_is_no_new_password(string? password) => Assert.NotNull(PasswordRules.Problem(password));

    [Theory]
    [InlineData("correct horse")]
    [InlineData("旗鱼旗鱼旗鱼旗鱼")]
    [InlineData("🐟🐟🐟🐟🐟🐟🐟🐟")]
    public void What_is_long_enough_and_not_common_is_one(string password) => Assert.Null(PasswordRules.Problem(password));

    [Fact]
    public void Characters_are_counted_and_not_halves_of_them()
    {
        Assert.NotNull(PasswordRules.Problem("🐟🐟🐟🐟🐟🐟🐟"));
        Assert.Null(PasswordRules.Problem(string.Concat(Enumerable.Repeat("🐟", 128))));
        Assert.NotNull(PasswordRules.Problem(string.Concat(Enumerable.Repeat("🐟", 129))));
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_still_opens_and_is_made_anew()
    {
        var old = Hasher(100_000).HashPassword(Nobody, "123456");
        var check = await _hashing.CheckAsync(old, "123456", CancellationToken.None);
        Assert.True(check!.IsRight);
        Assert.Equal(new PasswordCheck(true, null), await _hashing.CheckAsync(check.NewHash, "123456", CancellationToken.None));
        Assert.False((await _hashing.CheckAsync(old, "123457", CancellationToken.None))!.IsRight);
    }

    [Fact]
    public void A_hash_of_fewer_rounds_is_made_up_for_when_the_password_is_wrong()
    {
        Assert.Equal(PasswordHashing.Iterations - 100_000, PasswordHashing.MissingRounds(Hasher(100_000).HashPassword(Nobody, "123456")));
        Assert.Equal(0, PasswordHashing.MissingRounds(Hasher(PasswordHashing.Iterations).HashPassword(Nobody, "123456")));
        foreach (var other in new[] { "", "AAAA", "no hash at all!?", "AAAAAAAAAAAAAAAAAAAAAAAA" })
            Assert.Equal(0, PasswordHashing.MissingRounds(other));
    }

    [Fact]
    public async Task A_letter_and_its_mark_are_one_however_they_are_typed()
    {
        var hash = await _hashing.HashAsync("caf\u00E9 au lait", CancellationToken.None);
        foreach (var typed in new[] { "caf\u00E9 au lait", "cafe\u0301 au lait" })
            Assert.Equal(new PasswordCheck(true, null), await _hashing.CheckAsync(hash, typed, CancellationToken.None));
        Assert.NotNull(PasswordRules.Problem("cafe\u0301e\u0301e\u0301"));
    }

    [Fact]
    public async Task A_password_that_was_hashed_as_typed_still_opens_and_is_composed_from_then_on()
    {
        var old = Hasher(PasswordHashing.Iterations).HashPassword(Nobody, "cafe\u0301 au lait");
        Assert.False((await _hashing.CheckAsync(old, "caf\u00E9 au lait", CancellationToken.None))!.IsRight);
        var check = await _hashing.CheckAsync(old, "cafe\u0301 au lait", CancellationToken.None);
        Assert.True(check!.IsRight);
        Assert.True((await _hashing.CheckAsync(check.NewHash, "caf\u00E9 au lait", CancellationToken.None))!.IsRight);
    }

    [Fact]
    public async Task Nobodys_password_is_looked_at_and_wrong() =>
        Assert.Equal(new PasswordCheck(false, null), await _hashing.CheckAsync(null, "correct horse", CancellationToken.None));

    private static PasswordHasher<Account> Hasher(int iterations) => new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
}
