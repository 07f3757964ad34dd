using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sailfish.Server.Configuration;

/// <summary>Puts TLS on a port when its options name a certificate.</summary>
internal static class Tls
{
    /// <summary>Whether any of it is set.</summary>
    public static bool IsOn(TlsOptions? options) => options is not (null or { CertificateFile: null, KeyFile: null, Password: null });

    public static void UseTls(this ListenOptions listen, TlsOptions? options, string setting)
    {
        if (options is null || !IsOn(options))
            return;
        // Half of it must not become a port without TLS.
        if (string.IsNullOrEmpty(options.CertificateFile))
            throw new ConfigurationException($"{ConfigurationCheck.Root}:{setting}:CertificateFile is missing.");
        try
        {
            listen.UseHttps(Load(options));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new ConfigurationException($"{ConfigurationCheck.Root}:{setting}: the certificate {options.CertificateFile} cannot be read: {problem.Message}");
        }
    }

    private static X509Certificate2 Load(TlsOptions options)
    {
        if (options.KeyFile is null)
            return X509CertificateLoader.LoadPkcs12FromFile(options.CertificateFile!, options.Password);
        return options.Password is null
            ? X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(options.CertificateFile!, options.Password, options.KeyFile);
    }
}
