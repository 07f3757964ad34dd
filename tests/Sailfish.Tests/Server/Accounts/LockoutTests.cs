using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server.Accounts;

/// <summary>What is true of the lockout in memory alone.</summary>
public sealed class LockoutTests
{
    private const string Home = "192.0.2.1";
    private readonly Lockout _lockout = new(Options.Create(new AccountOptions { MaxFailures = 5, LockSeconds = 60 }), new FakeTimeProvider());

    [Fact]
    public async Task Beyond_what_is_remembered_the_oldest_is_forgotten_and_not_all()
    {
        await ExhaustAsync("first");
        await ExhaustAsync("ann");
        for (var i = 0; i < 49_999; i++)
            await TryAsync($"name{i}");
        Assert.False(await TryAsync("ann"));
        Assert.True(await TryAsync("first"));
    }

    private async Task<bool> TryAsync(string name) => (await _lockout.BeginAsync(name, null, Home)).Wait is null;

    private async Task ExhaustAsync(string name)
    {
        while (await TryAsync(name))
        {
        }
    }
}
