using Sailfish.Protocol.Bodies;

namespace Sailfish.Benchmarks;

/// <summary>A chat message of a usual size: 261 bytes as a binary frame, as the load test delivers it.</summary>
internal static class SampleMessage
{
    internal const long Receiver = 1_000_001;

    /// <summary>The data as the server stamps it.</summary>
    internal const string Data =
        "{\"content\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"userId\":1000000,\"roomId\":1001,\"createTime\":1790000000000}";

    internal static MessageBody Body { get; } = new()
    {
        AppId = 10001,
        UserId = Receiver,
        BizCode = BizCodes.Chat,
        MsgId = "1-1000",
        Conversation = "r:1001",
        Seq = 1000,
        Time = 1_790_000_000_000,
        Data = Data,
    };
}
