using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Page;

/// <summary>
/// Reads the picture out of a form, to the form's end: a browser that is still sending when the connection is closed
/// shows a broken connection and not our answer, so also a picture that is too large is read, and thrown away.
/// </summary>
internal static class PictureUpload
{
    /// <summary>What is read of a request at the most: eight megabytes and what a form puts around them.</summary>
    public static readonly IRequestSizeLimitMetadata Limit = new RequestLimit((8 * 1024 * 1024) + (64 * 1024));

    /// <summary>The longest boundary that RFC 2046 allows (section 5.1.1).</summary>
    private const int MaxBoundary = 70;

    /// <summary>The content of the form's file of that name; null when there is none, it is too large, or the body is no form.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (BoundaryOf(request) is not { } boundary)
            return null;
        try
        {
            byte[]? picture = null;
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } content } file && file.Name == name)
                    picture = await ReadPictureAsync(content, cancellationToken);
            }

            return picture;
        }
        catch (Exception malformed) when (PageInput.IsMalformed(malformed))
        {
            return null;
        }
    }

    private static string? BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= MaxBoundary } ? boundary : null;
    }

    private static async Task<byte[]?> ReadPictureAsync(Stream content, CancellationToken cancellationToken)
    {
        using var picture = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (picture.Length + read > PictureNames.MaxBytes)
                return null;
            picture.Write(buffer, 0, read);
        }

        return picture.Length > 0 ? picture.ToArray() : null;
    }

    private sealed record RequestLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
