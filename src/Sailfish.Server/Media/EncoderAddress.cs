using System.Globalization;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media.Publishing;

namespace Sailfish.Server.Media;

/// <summary>Where an encoder publishes to.</summary>
internal sealed class EncoderAddress(BoundPorts ports, IOptions<MediaOptions> options)
{
    /// <summary>The server that an encoder is given; empty where there is no port for it.</summary>
    /// <param name="host">The request's host, without a port.</param>
    public string At(string host)
    {
        if (options.Value.PublicRtmp is { Length: > 0 } shown)
            return shown;
        if (!ports.Has(BoundPorts.Rtmp))
            return "";
        var scheme = Tls.IsOn(options.Value.RtmpTls) ? "rtmps" : "rtmp";
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{ports.Of(BoundPorts.Rtmp).Port}/{RtmpTarget.App}");
    }
}
