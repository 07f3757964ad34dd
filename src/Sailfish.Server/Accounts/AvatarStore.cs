using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Accounts;

/// <summary>Uploaded pictures in DataDir/avatars, named by owner and content, told apart by their first bytes.</summary>
internal sealed class AvatarStore(IOptions<ServerOptions> options)
{
    /// <summary>Of the data folder.</summary>
    public const string Folder = "avatars";

    public const int MaxBytes = 1024 * 1024;

    private readonly string _folder = Path.Combine(options.Value.DataDir, Folder);

    /// <summary>Stores a picture, one at a time, and returns its file name; null when it is no PNG, JPEG or WebP.</summary>
    public async Task<string?> SaveAsync(long userId, byte[] picture)
    {
        if (ExtensionOf(picture) is not { } extension)
            return null;
        Directory.CreateDirectory(_folder);
        var hash = Convert.ToHexStringLower(SHA256.HashData(picture))[..16];
        var name = string.Create(CultureInfo.InvariantCulture, $"{userId}-{hash}.{extension}");
        // Aside first: whoever looks at the same picture meanwhile sees a whole one, also after the power went.
        var aside = Path.Combine(_folder, name + ".new");
        await using (var file = DurableFile.CreatePrivate(aside))
            await file.WriteAsync(picture, CancellationToken.None);
        DurableFile.Publish(aside, Path.Combine(_folder, name));
        return name;
    }

    public void Delete(string name) => File.Delete(Path.Combine(_folder, Path.GetFileName(name)));

    /// <summary>The file and the one type that it is ever served with; null when there is none.</summary>
    public (string Path, string ContentType)? Find(string name)
    {
        // Only names that SaveAsync makes: no path, no other folder.
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) || name.Contains("..", StringComparison.Ordinal))
            return null;
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        return File.Exists(path) && ContentTypeOf(Path.GetExtension(name)) is { } type ? (path, type) : null;
    }

    /// <summary>By the signatures of PNG (its section 5.2), JPEG (SOI) and WebP (RFC 9649).</summary>
    internal static string? ExtensionOf(ReadOnlySpan<byte> picture)
    {
        if (picture.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return "png";
        if (picture.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "jpg";
        return picture.Length > 12 && picture.StartsWith("RIFF"u8) && picture[8..12].SequenceEqual("WEBP"u8) ? "webp" : null;
    }

    private static string? ContentTypeOf(string extension) => extension switch
    {
        ".png" => "image/png",
        ".jpg" => "image/jpeg",
        ".webp" => "image/webp",
        _ => null,
    };
}
