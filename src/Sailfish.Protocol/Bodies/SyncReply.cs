namespace Sailfish.Protocol.Bodies;

/// <summary>SYNC, server to client.</summary>
public sealed record SyncReply
{
    /// <summary>In seq order within a conversation.</summary>
    public IReadOnlyList<MessageBody> Messages { get; init; } = [];

    /// <summary>Whether another SYNC brings more.</summary>
    public bool More { get; init; }

    /// <summary>True when history that was asked for is older than the retention.</summary>
    public bool? Truncated { get; init; }

    /// <summary>With <see cref="Truncated"/>: by conversation, the first seq that exists.</summary>
    public IReadOnlyDictionary<string, long>? FirstSeq { get; init; }
}
