using System.Net;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media;

namespace Sailfish.Tests.Server.Media;

/// <summary>Which server anchors are shown for their encoders.</summary>
public sealed class EncoderAddressTests
{
    [Fact]
    public void Without_a_word_it_is_the_host_that_was_asked_and_the_port() =>
        Assert.Equal("rtmp://tv.example:1935/live", At(new MediaOptions()));

    [Fact]
    public void With_a_certificate_it_is_over_TLS() =>
        Assert.Equal("rtmps://tv.example:1935/live", At(new MediaOptions { RtmpTls = new TlsOptions { CertificateFile = "fullchain.pem" } }));

    [Fact]
    public void What_the_operator_names_is_shown_as_it_is()
    {
        var options = new MediaOptions { PublicRtmp = "rtmps://ingest.example/live" };
        Assert.Equal("rtmps://ingest.example/live", At(options));
        Assert.Equal("rtmps://ingest.example/live", At(options, hasPort: false));
    }

    [Fact]
    public void Without_a_port_there_is_none() => Assert.Equal("", At(new MediaOptions(), hasPort: false));

    private static string At(MediaOptions options, bool hasPort = true)
    {
        var ports = new BoundPorts();
        if (hasPort)
            ports.Add(BoundPorts.Rtmp, () => new IPEndPoint(IPAddress.Any, 1935));
        return new EncoderAddress(ports, Options.Create(options)).At("tv.example");
    }
}
