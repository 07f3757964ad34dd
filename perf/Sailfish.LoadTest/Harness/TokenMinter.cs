using System.Globalization;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Sailfish.LoadTest.Harness;

/// <summary>Signs login tokens (docs/protocol.md, section 5).</summary>
internal sealed class TokenMinter
{
    /// <summary>Longer than any login storm.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;
    private readonly App _app;

    internal TokenMinter(App app)
    {
        _app = app;
        _credentials = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(app.TokenSecret)), SecurityAlgorithms.HmacSha256);
    }

    internal string Mint(long userId)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            IssuedAt = now,
            Expires = now + Life,
            SigningCredentials = _credentials,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = userId.ToString(CultureInfo.InvariantCulture),
                ["app"] = _app.Id,
                ["jti"] = Guid.CreateVersion7().ToString(),
            },
        });
    }
}
