using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>A server's certificate that an intermediate has issued, whose issuer is a root that only the test trusts.</summary>
public sealed class CertificateChain : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddDays(1);
    private readonly X509Certificate2 _intermediate;
    private readonly X509Certificate2 _server;

    public CertificateChain()
    {
        Root = Make("CN=Sailfish test root", issuer: null, isIssuer: true);
        _intermediate = Make("CN=Sailfish test intermediate", Root, isIssuer: true);
        _server = Make("CN=localhost", _intermediate, isIssuer: false);
    }

    public X509Certificate2 Root { get; }

    /// <summary>A PEM file with the server's certificate and the intermediate, and one with its key.</summary>
    public (string Certificate, string Key) WritePem(string folder)
    {
        var (certificate, key) = (Path.Combine(folder, "fullchain.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(certificate, $"{_server.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n");
        File.WriteAllText(key, _server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (certificate, key);
    }

    /// <summary>A PEM file with the root: who is told to trust it (SSL_CERT_FILE) trusts the server.</summary>
    public string WriteRoot(string folder)
    {
        var file = Path.Combine(folder, "root.pem");
        File.WriteAllText(file, Root.ExportCertificatePem());
        return file;
    }

    public string WritePkcs12(string folder, string password)
    {
        var file = Path.Combine(folder, "chain.p12");
        using var intermediate = X509CertificateLoader.LoadCertificate(_intermediate.RawData);
        File.WriteAllBytes(file, new X509Certificate2Collection { _server, intermediate }.Export(X509ContentType.Pkcs12, password)!);
        return file;
    }

    /// <summary>Whether what a server has sent leads to the root, without anything fetched from elsewhere.</summary>
    public bool IsTrusted(X509Certificate2 certificate, X509Chain sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Root.Dispose();
        _intermediate.Dispose();
        _server.Dispose();
    }

    private static X509Certificate2 Make(string name, X509Certificate2? issuer, bool isIssuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isIssuer, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (!isIssuer)
            request.CertificateExtensions.Add(names.Build());
        if (issuer is null)
            return request.CreateSelfSigned(From, Until);
        using var issued = request.Create(issuer, From, Until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
