using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Sailfish.Server.Hosting;

/// <summary>Puts TLS on a port when its options name a certificate.</summary>
internal static class Tls
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Whether any of it is set.</summary>
    public static bool IsOn(TlsOptions? options) => options is not (null or { CertificateFile: null, KeyFile: null, Password: null });

    public static void UseTls(this ListenOptions listen, TlsOptions? options, string setting)
    {
        if (ContextOf(options, setting) is not { } context)
            return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = context }),
            HandshakeTimeout = HandshakeLimit,
        });
    }

    /// <summary>What a port with these options would show; null for one without TLS.</summary>
    public static SslStreamCertificateContext? ContextOf(TlsOptions? options, string setting)
    {
        if (options is null || !IsOn(options))
            return null;
        // Half of it must not become a port without TLS.
        if (string.IsNullOrEmpty(options.CertificateFile))
            throw new ConfigurationException($"{ConfigurationCheck.Root}:{setting}:CertificateFile is missing.");
        if (options.KeyFile is null && IsPem(options.CertificateFile))
            throw new ConfigurationException($"{ConfigurationCheck.Root}:{setting}:KeyFile is missing: {options.CertificateFile} is PEM, and its key stands in a file that has to be named.");
        try
        {
            return Load(options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"{ConfigurationCheck.Root}:{setting}: the certificate {options.CertificateFile} cannot be read: {(problem.InnerException ?? problem).Message}");
        }
    }

    /// <summary>
    /// The certificate with all that the file has beside it: clients that do not know its issuer are shown the way to
    /// one that they know. Nothing is fetched for it from elsewhere.
    /// </summary>
    private static SslStreamCertificateContext Load(TlsOptions options)
    {
        var (certificate, others) = options.KeyFile is null ? LoadPkcs12(options) : LoadPem(options, options.KeyFile);
        return SslStreamCertificateContext.Create(certificate, others, offline: true);
    }

    /// <summary>What cannot be read is none: whoever reads it next says why.</summary>
    private static bool IsPem(string file)
    {
        try
        {
            return PemEncoding.TryFind(File.ReadAllText(file), out _);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Others) LoadPkcs12(TlsOptions options)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.CertificateFile!, options.Password);
        var certificate = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("There is no private key in it.");
        all.Remove(certificate);
        return (certificate, all);
    }

    /// <summary>The first certificate of the file is the server's.</summary>
    private static (X509Certificate2 Certificate, X509Certificate2Collection Others) LoadPem(TlsOptions options, string keyFile)
    {
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(options.CertificateFile!);
        if (others.Count == 0)
            throw new CryptographicException("There is no certificate in it.");
        others.RemoveAt(0);
        var certificate = options.Password is null
            ? X509Certificate2.CreateFromPemFile(options.CertificateFile!, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(options.CertificateFile!, options.Password, keyFile);
        return (certificate, others);
    }
}
