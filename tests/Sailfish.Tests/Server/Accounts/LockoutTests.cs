using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server.Accounts;

public sealed class LockoutTests
{
    private const string Home = "192.0.2.1";
    private readonly FakeTimeProvider _time = new();
    private readonly Lockout _lockout;

    public LockoutTests() => _lockout = new Lockout(Options.Create(new AccountOptions { MaxFailures = 5, LockSeconds = 60 }), _time);

    [Fact]
    public void Attempts_count_before_their_passwords_are_looked_at()
    {
        Assert.Equal(5, Enumerable.Range(0, 30).Count(_ => Try("ann", Home)));
        Assert.InRange(_lockout.Begin("ann", null, Home).Wait!.Value.TotalSeconds, 59, 60);
    }

    [Fact]
    public void A_lock_is_of_one_name_at_one_address_for_its_time()
    {
        Exhaust("ann", Home);
        Assert.True(Try("bob", Home));
        Assert.True(Try("ann", "192.0.2.2"));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(Try("ann", Home));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Try("ann", Home));
    }

    [Fact]
    public void From_many_addresses_a_name_is_locked_more_slowly_and_for_longer()
    {
        for (var i = 0; i < 10; i++)
            Exhaust("ann", $"198.51.100.{i}");
        Assert.False(Try("ann", "198.51.100.10"));
        Assert.True(Try("bob", "198.51.100.10"));
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.False(Try("ann", "198.51.100.11"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Try("ann", "198.51.100.11"));
    }

    [Fact]
    public void A_device_that_was_signed_in_before_passes_the_locks_of_others_and_has_its_own()
    {
        for (var i = 0; i < 10; i++)
            Exhaust("ann", $"198.51.100.{i}");
        for (var i = 0; i < 5; i++)
            Assert.Null(_lockout.Begin("ann", "device:1", Home).Wait);
        Assert.NotNull(_lockout.Begin("ann", "device:1", Home).Wait);
        Assert.Null(_lockout.Begin("ann", "device:2", Home).Wait);
    }

    [Fact]
    public void A_right_password_forgives_its_address_and_not_the_guesses_of_others()
    {
        for (var i = 0; i < 9; i++)
            Exhaust("ann", $"198.51.100.{i}");
        for (var i = 0; i < 20; i++)
        {
            for (var wrong = 0; wrong < 2; wrong++)
                _lockout.Cancelled(_lockout.Begin("ann", null, Home));
            var right = _lockout.Begin("ann", null, Home);
            Assert.Null(right.Wait);
            _lockout.Succeeded(right);
        }

        Exhaust("ann", "198.51.100.9");
        Assert.False(Try("ann", Home));
    }

    [Fact]
    public void Beyond_what_is_remembered_the_oldest_is_forgotten_and_not_all()
    {
        Exhaust("first", Home);
        Exhaust("ann", Home);
        for (var i = 0; i < 49_999; i++)
            Try($"name{i}", Home);
        Assert.False(Try("ann", Home));
        Assert.True(Try("first", Home));
    }

    private bool Try(string name, string address) => _lockout.Begin(name, null, address).Wait is null;

    private void Exhaust(string name, string address)
    {
        while (Try(name, address))
        {
        }
    }
}
