using System.Text;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Sailfish.Server.Identity;

/// <summary>
/// Tokens with half a surrogate pair in a claim, as of a name that was cut in the middle of an emoji. JSON's grammar allows
/// it, the library reads no such token.
/// </summary>
internal static partial class HalfCharacters
{
    /// <summary>The token with U+0000 in their place, which no claim may hold either; null when there are none.</summary>
    public static string? Replace(string token)
    {
        if (token.Split('.') is not [var header, var payload, var signature])
            return null;
        try
        {
            var claims = Base64UrlEncoder.Decode(payload);
            var replaced = Escapes().Replace(claims, escape => escape.Groups["half"].Success ? "\\u0000" : escape.Value);
            return replaced == claims ? null : $"{header}.{Base64UrlEncoder.Encode(replaced)}.{signature}";
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Parameters under which a token with replaced claims is good if the one that came is signed.</summary>
    public static TokenValidationParameters SignedAs(string token, TokenValidationParameters parameters)
    {
        var like = parameters.Clone();
        like.SignatureValidator = (replaced, _) =>
            new JsonWebToken(replaced) is { Alg: SecurityAlgorithms.HmacSha256 } read && IsSigned(token, parameters.IssuerSigningKey) ? read : null;
        return like;
    }

    private static bool IsSigned(string token, SecurityKey key)
    {
        var end = token.LastIndexOf('.');
        var provider = key.CryptoProviderFactory.CreateForVerifying(key, SecurityAlgorithms.HmacSha256);
        try
        {
            return provider.Verify(Encoding.ASCII.GetBytes(token[..end]), Base64UrlEncoder.DecodeBytes(token[(end + 1)..]));
        }
        finally
        {
            key.CryptoProviderFactory.ReleaseSignatureProvider(provider);
        }
    }

    /// <summary>All escapes: a backslash that is itself escaped begins none.</summary>
    [GeneratedRegex("""\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.""", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
