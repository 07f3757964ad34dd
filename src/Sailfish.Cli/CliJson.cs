using System.Text.Json.Serialization;

namespace Sailfish.Cli;

/// <summary>The JSON of files and the server API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SecretsContent))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(SendContent))]
[JsonSerializable(typeof(OnlineAnswer))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TagRequest))]
[JsonSerializable(typeof(TagAnswer))]
[JsonSerializable(typeof(SuspendRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(ClosedAnswer))]
[JsonSerializable(typeof(ClusterAnswer))]
[JsonSerializable(typeof(SecretsAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class CliJson : JsonSerializerContext;
