using Sailfish.Server.Accounts;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// A name is locked for who tries it too often, and more slowly for all; an attempt counts from when it begins, whoever else
/// begins one at once; a device that was signed in before has a count of its own.
/// </summary>
public abstract class LockoutConformance : StoreConformance
{
    private const int Most = 5;
    private const string Home = "192.0.2.1";
    private readonly FakeTimeProvider _time = new();
    private readonly Lazy<ILockout> _lockout;

    protected LockoutConformance() => _lockout = new(() => Stores.NewLockout(new AccountOptions { MaxFailures = Most, LockSeconds = 60 }, _time));

    /// <summary>One for all of a test's callers, who may be the first to ask for it at once.</summary>
    private ILockout Lockout => _lockout.Value;

    [Fact]
    public async Task Attempts_count_before_their_passwords_are_looked_at()
    {
        Assert.Equal(Most, await TriesAsync(30, "ann"));
        Assert.InRange((await Lockout.BeginAsync("ann", null, Home)).Wait!.Value.TotalSeconds, 59, 60);
    }

    [Fact]
    public async Task Of_many_attempts_at_once_no_more_begin_than_may()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = $"ann{round}";
            var begun = await AtOnceAsync(_ => TryAsync(name));
            Assert.Equal(Most, begun.Count(isBegun => isBegun));
        }
    }

    [Fact]
    public async Task Of_many_attempts_at_once_from_many_addresses_no_more_begin_than_may()
    {
        var begun = await AtOnceAsync(async caller => await TriesAsync(Most, "ann", $"198.51.100.{caller}"));
        Assert.Equal(10 * Most, begun.Sum());
    }

    [Fact]
    public async Task A_lock_is_of_one_name_at_one_address_for_its_time()
    {
        await ExhaustAsync("ann");
        Assert.True(await TryAsync("bob"));
        Assert.True(await TryAsync("ann", "192.0.2.2"));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(await TryAsync("ann"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Most, await TriesAsync(30, "ann"));
    }

    [Fact]
    public async Task The_time_of_a_lock_begins_with_the_last_attempt_that_counts()
    {
        Assert.True(await TryAsync("ann"));
        _time.Advance(TimeSpan.FromSeconds(50));
        await ExhaustAsync("ann");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, (await Lockout.BeginAsync("ann", null, Home)).Wait!.Value.TotalSeconds);
    }

    [Fact]
    public async Task From_many_addresses_a_name_is_locked_more_slowly_and_for_longer()
    {
        for (var i = 0; i < 10; i++)
            await ExhaustAsync("ann", $"198.51.100.{i}");
        Assert.False(await TryAsync("ann", "198.51.100.10"));
        Assert.True(await TryAsync("bob", "198.51.100.10"));
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.False(await TryAsync("ann", "198.51.100.11"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TryAsync("ann", "198.51.100.11"));
    }

    [Fact]
    public async Task A_device_that_was_signed_in_before_passes_the_locks_of_others_and_has_its_own()
    {
        for (var i = 0; i < 10; i++)
            await ExhaustAsync("ann", $"198.51.100.{i}");
        for (var i = 0; i < Most; i++)
            Assert.Null((await Lockout.BeginAsync("ann", "device:1", Home)).Wait);
        Assert.NotNull((await Lockout.BeginAsync("ann", "device:1", Home)).Wait);
        Assert.Null((await Lockout.BeginAsync("ann", "device:2", Home)).Wait);
    }

    [Fact]
    public async Task A_right_password_forgives_its_address_and_not_the_guesses_of_others()
    {
        for (var i = 0; i < 9; i++)
            await ExhaustAsync("ann", $"198.51.100.{i}");
        for (var i = 0; i < 20; i++)
        {
            for (var wrong = 0; wrong < 2; wrong++)
                await Lockout.CancelledAsync(await Lockout.BeginAsync("ann", null, Home));
            var right = await Lockout.BeginAsync("ann", null, Home);
            Assert.Null(right.Wait);
            await Lockout.SucceededAsync(right);
        }

        await ExhaustAsync("ann", "198.51.100.9");
        Assert.False(await TryAsync("ann"));
    }

    [Fact]
    public async Task What_is_taken_back_at_once_is_all_taken_back()
    {
        await AtOnceAsync(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                if (await Lockout.BeginAsync("ann", null, Home) is { Wait: null } attempt)
                    await Lockout.CancelledAsync(attempt);
            }
        });
        Assert.Equal(Most, await TriesAsync(30, "ann"));
    }

    [Fact]
    public async Task U0000_in_a_text_harms_no_other()
    {
        await TryAsync(() => TryAsync("an\0n"));
        await TryAsync(() => TryAsync("ann", "\0"));
        Assert.Equal(Most, await TriesAsync(30, "ann"));
    }

    private async Task<bool> TryAsync(string name, string address = Home) => (await Lockout.BeginAsync(name, null, address)).Wait is null;

    /// <summary>How many of these attempts begin.</summary>
    private async Task<int> TriesAsync(int attempts, string name, string address = Home)
    {
        var begun = 0;
        for (var i = 0; i < attempts; i++)
            begun += await TryAsync(name, address) ? 1 : 0;
        return begun;
    }

    private async Task ExhaustAsync(string name, string address = Home)
    {
        while (await TryAsync(name, address))
        {
        }
    }
}
