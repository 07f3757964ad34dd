using System.Text;
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

    /// <summary>Of a word beside the picture.</summary>
    private const int MaxWordBytes = 64;

    /// <summary>The content of the form's file of that name; null when there is none, it is too large, or the body is no form.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        (await ReadAsync(request, name, PictureNames.MaxBytes, word: null, cancellationToken))?.Picture;

    /// <summary>The same with one word beside it; null when the body is no form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="maxBytes">Of the file: a larger one is read and not taken.</param>
    /// <param name="word">The name of the other part.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<UploadedForm?> ReadAsync(HttpRequest request, string name, int maxBytes, string? word, CancellationToken cancellationToken)
    {
        if (BoundaryOf(request) is not { } boundary)
            return null;
        try
        {
            var form = new UploadedForm(HasFile: false, Picture: null, Word: null);
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } content } file && file.Name == name)
                    form = form with { HasFile = true, Picture = await ReadPartAsync(content, maxBytes, cancellationToken) };
                else if (word is not null && section.AsFormDataSection()?.Name == word)
                    form = form with { Word = Encoding.UTF8.GetString(await ReadPartAsync(section.Body, MaxWordBytes, cancellationToken) ?? []) };
            }

            return form;
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

    /// <summary>Null when it is empty or larger.</summary>
    private static async Task<byte[]?> ReadPartAsync(Stream content, int maxBytes, CancellationToken cancellationToken)
    {
        using var part = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (part.Length + read > maxBytes)
                return null;
            part.Write(buffer, 0, read);
        }

        return part.Length > 0 ? part.ToArray() : null;
    }

    private sealed record RequestLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
