using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sailfish.Server.Api;

/// <summary>
/// The text of /openapi/v1.json. It is made once, at the first question: the calls stay as they are while the server runs.
/// Only the address at which it is asked differs from one to another.
/// </summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    /// <summary>Stands in the text where the address comes.</summary>
    private const string Address = "the-address-that-was-asked";

    private readonly Lazy<Task<string>> _text = new(() => MakeAsync(provider));

    public async Task<string> AtAsync(HttpRequest request)
    {
        var address = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase).TrimEnd('/');
        return (await _text.Value).Replace(Address, JsonEncodedText.Encode(address).ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        document.Servers = [new OpenApiServer { Url = Address }];
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
    }
}
