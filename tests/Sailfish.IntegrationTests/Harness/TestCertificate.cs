using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>A certificate that nobody has issued: for tests that ask for TLS and not for whom to trust.</summary>
internal static class TestCertificate
{
    private static readonly string[] Ports = ["Gateway:TcpTls", "Gateway:WebSocketTls", "Http:Tls"];

    /// <summary>Settings that put TLS on the ports for clients and the page, with a certificate made in <paramref name="folder"/>.</summary>
    public static string[] Settings(string folder) => Settings(folder, Ports);

    /// <summary>The same for these ports.</summary>
    public static string[] Settings(string folder, params string[] ports)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return [.. ports.SelectMany(port => new[] { $"{port}:CertificateFile={certificateFile}", $"{port}:KeyFile={keyFile}" })];
    }
}
