using System.Globalization;
using System.Text.Json;

namespace Sailfish.Server.Page;

/// <summary>A request's parameters, from a form or a JSON object alike: the seed's page sends forms.</summary>
internal sealed class PageInput
{
    /// <summary>What is said where there is none. In a form the framework takes no U+0000.</summary>
    public const string Unreadable = "The body is neither a form nor a JSON object of texts, numbers, true and false, or it is a form with U+0000 in it.";

    private const int MaxMembers = 32;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>Null when absent or not a whole number.</summary>
    public long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Binds a handler's parameter; null when the body is neither a form nor a JSON object.</summary>
    public static async ValueTask<PageInput?> BindAsync(HttpContext context)
    {
        var input = new PageInput();
        var request = context.Request;
        try
        {
            if (request.HasFormContentType)
            {
                foreach (var (name, value) in await request.ReadFormAsync(context.RequestAborted))
                    input._values[name] = value.ToString();
            }
            else if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
            {
                await input.ReadJsonAsync(request, context.RequestAborted);
            }
        }
        catch (Exception malformed) when (IsMalformed(malformed))
        {
            return null;
        }

        return input;
    }

    /// <summary>The body is to blame: no JSON, a form that ends in the middle, more than the server takes.</summary>
    public static bool IsMalformed(Exception fault) =>
        fault is JsonException or InvalidDataException or InvalidOperationException or IOException;

    private async Task ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException("The body is not an object.");
        foreach (var member in document.RootElement.EnumerateObject().Take(MaxMembers))
        {
            if (member.Value.ValueKind is JsonValueKind.String)
                _values[member.Name] = member.Value.GetString()!;
            else if (member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                _values[member.Name] = member.Value.GetRawText();
            else if (member.Value.ValueKind is not JsonValueKind.Null)
                // Left out it would be as if nothing had been said, and what holds then is seldom what was meant.
                throw new JsonException($"{member.Name} is an object or a list.");
        }
    }
}
