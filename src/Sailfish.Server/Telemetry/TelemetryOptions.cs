using Microsoft.Extensions.Options;

namespace Sailfish.Server.Telemetry;

/// <summary><c>Sailfish:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Where metrics go, OTLP over gRPC, such as <c>http://127.0.0.1:4317</c>. Absent: nowhere.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>OTLP over HTTP (protobuf) instead of gRPC; the endpoint is then the full path, <c>…/v1/metrics</c>.</summary>
    public bool OtlpOverHttp { get; set; }

    /// <summary>Seconds between exports.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 15;
}

/// <summary>Checks <see cref="TelemetryOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
