using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>What tests about messages do again and again.</summary>
internal static class MessagingSteps
{
    /// <summary>As the server writes: for measuring what came.</summary>
    public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Direct(long one, long other) => $"d:{Math.Min(one, other)}:{Math.Max(one, other)}";

    /// <summary>All of a conversation by the server API, page by page.</summary>
    public static async Task<List<ReceivedFrame>> HistoryAsync(this ServerProcess server, string conversation)
    {
        List<ReceivedFrame> all = [];
        while (true)
        {
            var after = all.Count == 0 ? 0 : all[^1].Number("seq");
            var page = await server.GetAsync($"api/v1/conversations/{conversation}/messages?after={after}&limit=500");
            all.AddRange(page["messages"]!.AsArray().Select(m => new ReceivedFrame(Code.Message, m!.AsObject())));
            if (!page["more"]!.GetValue<bool>())
                return all;
        }
    }

    /// <summary>The history, after a check that its seqs are 1, 2, 3… and its msgIds all different.</summary>
    public static async Task<List<ReceivedFrame>> WholeHistoryAsync(this ServerProcess server, string conversation)
    {
        var all = await server.HistoryAsync(conversation);
        Assert.Equal(Enumerable.Range(1, all.Count).Select(s => (long)s), all.Select(m => m.Number("seq")));
        Assert.Equal(all.Count, all.Select(m => m.Text("msgId")).Distinct().Count());
        return all;
    }

    public static async Task<JsonObject> GetAsync(this ServerProcess server, string path) =>
        (await server.Http.GetFromJsonAsync<JsonObject>(path))!;

    public static async Task<JsonObject?> PostAsync(this ServerProcess server, string path, JsonObject body)
    {
        using var response = await server.Http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>What the server API says is unacked, by conversation.</summary>
    public static async Task<Dictionary<string, long>> UnackedAsync(this ServerProcess server, long user)
    {
        var reply = await server.GetAsync($"api/v1/users/{user}/unacked");
        var counts = reply.AsObject().ToDictionary(c => c.Key, c => c.Value!.GetValue<long>());
        return counts;
    }

    /// <summary>Sends with a clientMsgId and waits for its RECEIPT.</summary>
    public static async Task<ReceivedFrame> ChatAndReceiptAsync(this TestClient client, long to, string content, string? id = null)
    {
        id ??= Guid.NewGuid().ToString();
        await client.ChatAsync(to, content, id);
        return await client.ReceiptAsync(id);
    }

    public static async Task<ReceivedFrame> ReceiptAsync(this TestClient client, string id)
    {
        while (true)
        {
            var frame = await client.ReceiveAsync();
            Assert.False(frame.Code == Code.Error, frame.Body.ToJsonString());
            if (frame.Code == Code.Receipt && frame.Text("clientMsgId") == id)
                return frame;
        }
    }

    /// <summary>One page of SYNC.</summary>
    public static async Task<JsonObject> SyncAsync(this TestClient client, JsonObject? after = null, int? limit = null)
    {
        var body = new JsonObject();
        if (after is not null)
            body["after"] = after;
        if (limit is not null)
            body["limit"] = limit;
        await client.SendAsync(Code.Sync, body);
        while (true)
        {
            var frame = await client.ReceiveAsync();
            Assert.False(frame.Code == Code.Error, frame.Body.ToJsonString());
            if (frame.Code == Code.Sync)
                return frame.Body;
        }
    }

    public static List<ReceivedFrame> Messages(this JsonObject page) =>
        [.. page["messages"]!.AsArray().Select(m => new ReceivedFrame(Code.Message, m!.AsObject()))];

    /// <summary>Sends a frame that must be refused; returns the ERROR.</summary>
    public static async Task<ReceivedFrame> RefusedAsync(this TestClient client, string error, int code, JsonObject body)
    {
        await client.SendAsync(code, body);
        var frame = await client.ReceiveAsync();
        // What was said to him, or by him elsewhere, comes when it does.
        while (frame.Code == Code.Message)
            frame = await client.ReceiveAsync();
        Assert.True(frame.Code == Code.Error, $"{frame.Code} {frame.Body.ToJsonString()} for {body.ToJsonString()}");
        Assert.Equal(error, frame.Text("error"));
        return frame;
    }

    /// <summary>Waits as long as a refusal says, and for what the clocks of two programs differ by.</summary>
    public static Task RetryAfterAsync(this ReceivedFrame refusal) => Pause.ForAsync((int)refusal.Number("retryAfterMs") + 50);

    public static Task AckAsync(this TestClient client, ReceivedFrame message) =>
        client.SendAsync(Code.Ack, new JsonObject { ["msgId"] = message.Text("msgId") });

    public static Task AckUpToAsync(this TestClient client, string conversation, long seq) =>
        client.SendAsync(Code.Ack, new JsonObject { ["conversation"] = conversation, ["seq"] = seq });

    public static string Content(this ReceivedFrame message) => message.Data["content"]!.GetValue<string>();

    /// <summary>The server's database, directly.</summary>
    public static T Sql<T>(this ServerProcess server, string sql, Func<SqliteCommand, T> run)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(server.DataDir, "sailfish.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return run(command);
    }

    public static void Sql(this ServerProcess server, string sql) => server.Sql(sql, command => command.ExecuteNonQuery());
}
