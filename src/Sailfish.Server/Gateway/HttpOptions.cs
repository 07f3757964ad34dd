using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Sailfish.Server.Configuration;

namespace Sailfish.Server.Gateway;

/// <summary><c>Sailfish:Http</c>: the page and the server API.</summary>
public sealed class HttpOptions
{
    /// <summary>The web port; 0 = any free port.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8080;

    /// <summary>Origins that may open WebSockets beside the page's own host; <c>*</c> for any.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>The folder of the built page; absent: <c>page</c> beside the program.</summary>
    public string? PageDir { get; set; }

    /// <summary>TLS on the web port.</summary>
    public TlsOptions? Tls { get; set; }
}

/// <summary>Checks <see cref="HttpOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class HttpOptionsValidator : IValidateOptions<HttpOptions>;
