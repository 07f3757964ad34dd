using Sailfish.TestKit;

namespace Sailfish.LoadTest.Harness;

/// <summary>Mints the login tokens of one app.</summary>
internal sealed class TokenMinter(App app)
{
    /// <summary>Longer than any login storm.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    internal string Mint(long userId) => Tokens.Mint(app, userId, Life);
}
