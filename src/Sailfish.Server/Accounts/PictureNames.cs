using System.Globalization;
using System.Security.Cryptography;

namespace Sailfish.Server.Accounts;

/// <summary>Names of uploaded pictures, by owner and content and told apart by their first bytes: a name never means another picture.</summary>
internal static class PictureNames
{
    /// <summary>Of an uploaded picture.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int HashLength = 16;

    /// <summary>Null when it is no PNG, JPEG or WebP.</summary>
    public static string? Of(long owner, byte[] picture)
    {
        if (ExtensionOf(picture) is not { } extension)
            return null;
        var hash = Convert.ToHexStringLower(SHA256.HashData(picture))[..HashLength];
        return string.Create(CultureInfo.InvariantCulture, $"{owner}-{hash}.{extension}");
    }

    /// <summary>Whether a picture of that name is the owner's.</summary>
    public static bool IsOf(long owner, string name) => name.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{owner}-"), StringComparison.Ordinal);

    /// <summary>The one type that a picture of that name is served with; null when no picture has such a name.</summary>
    public static string? ContentTypeOf(string name)
    {
        // Only names as they are made here: no path, no other folder.
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) || name.Contains("..", StringComparison.Ordinal))
            return null;
        return Path.GetExtension(name) switch
        {
            ".png" => "image/png",
            ".jpg" => "image/jpeg",
            ".webp" => "image/webp",
            _ => null,
        };
    }

    /// <summary>By the signatures of PNG (its section 5.2), JPEG (SOI) and WebP (RFC 9649).</summary>
    private static string? ExtensionOf(ReadOnlySpan<byte> picture)
    {
        if (picture.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return "png";
        if (picture.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "jpg";
        return picture.Length > 12 && picture.StartsWith("RIFF"u8) && picture[8..12].SequenceEqual("WEBP"u8) ? "webp" : null;
    }
}
