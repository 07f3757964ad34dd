using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary><c>Sailfish</c>: what the whole server shares.</summary>
public sealed class ServerOptions
{
    /// <summary>The folder for the database and the secrets; made when missing. Relative to the working folder.</summary>
    [Required]
    public string DataDir { get; set; } = "data";

    /// <summary>The address to listen on, an IP address or <c>localhost</c>. Loopback unless changed.</summary>
    [Required]
    public string Bind { get; set; } = "127.0.0.1";
}

/// <summary>A certificate for one port; absent means no TLS there.</summary>
public sealed class TlsOptions
{
    /// <summary>A PEM file (with <see cref="KeyFile"/>) or a PKCS#12 file.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The PEM private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The password of the PKCS#12 file or of the key.</summary>
    [Secret]
    public string? Password { get; set; }
}

/// <summary>Checks <see cref="ServerOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;
