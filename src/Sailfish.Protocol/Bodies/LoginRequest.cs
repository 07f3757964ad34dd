namespace Sailfish.Protocol.Bodies;

/// <summary>LOGIN, client to server.</summary>
public sealed record LoginRequest
{
    /// <summary>A JWT signed with the app's token secret (docs/protocol.md, section 5).</summary>
    public string? Token { get; init; }

    /// <summary>The token's user; 10000 to 2^53−1.</summary>
    public long UserId { get; init; }

    /// <summary>The token's app.</summary>
    public long AppId { get; init; }

    /// <summary>Names the device: a second login with the same name replaces the first. At most 128 characters.</summary>
    public string? DeviceId { get; init; }

    /// <summary>1 = seed behaviour (the default), 2 = modern.</summary>
    public int? Protocol { get; init; }

    /// <summary>What the client runs on, for presence. At most 32 characters.</summary>
    public string? Platform { get; init; }

    /// <summary>Protocol 2: what the client wants beside what all get (<see cref="FeatureWords"/>); unknown words are ignored.</summary>
    public IReadOnlyList<string>? Features { get; init; }
}
