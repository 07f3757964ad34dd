using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary><c>Sailfish:Http</c>: the page and the server API.</summary>
public sealed class HttpOptions
{
    /// <summary>The web port; 0 = any free port.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8080;

    /// <summary>Origins that may open WebSockets beside the page's own host; <c>*</c> for any.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// Host names that are served; <c>*.example.com</c> for those below one. Empty: loopback names and addresses when bound
    /// to loopback, else any.
    /// </summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Addresses and networks of proxies that are believed whom and what they forward.</summary>
    [Networks]
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>A path, such as <c>/chat</c>, below which all is served as well.</summary>
    [RegularExpression("(/[A-Za-z0-9._~-]+)*/?", ErrorMessage = "{0} is a path such as /chat, of letters, digits and . _ ~ - between slashes.")]
    public string? PathBase { get; set; }

    /// <summary>The folder of the built page; absent: <c>page</c> beside the program.</summary>
    public string? PageDir { get; set; }

    /// <summary>TLS on the web port.</summary>
    public TlsOptions? Tls { get; set; }
}

/// <summary>Checks <see cref="HttpOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class HttpOptionsValidator : IValidateOptions<HttpOptions>;
