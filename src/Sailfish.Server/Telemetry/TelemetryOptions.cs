using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Telemetry;

/// <summary><c>Sailfish:Telemetry</c>.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    /// <summary>Where metrics go, OTLP over gRPC, such as <c>http://127.0.0.1:4317</c>. Absent: nowhere.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>OTLP over HTTP (protobuf) instead of gRPC; the endpoint is then the full path, <c>…/v1/metrics</c>.</summary>
    public bool OtlpOverHttp { get; set; }

    /// <summary>Seconds between exports.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 15;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is { } endpoint && !(endpoint.IsAbsoluteUri && (endpoint.Scheme is "http" or "https")))
            yield return new ValidationResult($"'{endpoint}' is no address such as http://127.0.0.1:4317.", [nameof(OtlpEndpoint)]);
    }
}

/// <summary>Checks <see cref="TelemetryOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
