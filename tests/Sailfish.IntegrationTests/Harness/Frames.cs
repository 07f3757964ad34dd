using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>A frame as a client sees it.</summary>
public sealed record ReceivedFrame(int Code, JsonObject Body)
{
    public string? Text(string member) => Body[member]?.GetValue<string>();

    public long Number(string member) => Body[member]!.GetValue<long>();

    /// <summary>The JSON inside a MESSAGE's data.</summary>
    public JsonObject Data => JsonNode.Parse(Text("data")!)!.AsObject();
}

/// <summary>The numbers of the contract, written out again: a test must not follow a change of the server's.</summary>
public static class Code
{
    public const int Login = 1001;
    public const int Logout = 1002;
    public const int Message = 1003;
    public const int Heartbeat = 1004;
    public const int Ack = 1005;
    public const int Receipt = 1006;
    public const int Error = 1007;
    public const int Sync = 1008;
    public const int Join = 1009;
    public const int Leave = 1010;
    public const int Bye = 1011;
}
