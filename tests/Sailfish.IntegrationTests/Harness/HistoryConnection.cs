using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>One connection of a <see cref="HistoryClient"/>.</summary>
internal sealed class HistoryConnection : IAsyncDisposable
{
    /// <summary>What may be answered by an ERROR and is then tried again: nothing else is to come.</summary>
    private static readonly string[] Passing = ["not_stored", "internal", "rate_limited"];

    private readonly HistoryClient _client;
    private readonly TestClient _socket;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _stop;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private Task<ReceivedFrame?>? _reading;
    private bool _isSyncing;
    private bool _isOver;

    private HistoryConnection(HistoryClient client, TestClient socket, TimeSpan patience, CancellationToken stop)
    {
        _client = client;
        _socket = socket;
        _patience = patience;
        _stop = stop;
    }

    /// <summary>Logs in, joins the client's rooms, and has asked for what it has missed.</summary>
    public static async Task<HistoryConnection> OpenAsync(HistoryClient client, ServerCluster cluster, int node, TimeSpan patience, CancellationToken stop)
    {
        var socket = await cluster.PresentAsync(node, client.UserId, device: "history");
        var connection = new HistoryConnection(client, socket, patience, stop);
        try
        {
            await connection.EnterAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message; what fails is said again on the next connection.</summary>
    public async Task TrySayAsync(string conversation, string key)
    {
        var (name, id) = conversation.Split(':') switch
        {
            ["r", var room] => ("roomId", room),
            [_, var low, var high] => ("objectId", low == $"{_client.UserId}" ? high : low),
            _ => throw new ArgumentException(conversation),
        };
        await TrySendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = key, [name] = id }, key));
    }

    /// <summary>Takes frames until the connection is over.</summary>
    public async Task ReadAsync()
    {
        while (!_isOver && await NextAsync() is { } frame)
            await TakeAsync(frame);
    }

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        // It ends with its socket.
        if (_reading is not null)
            await Task.WhenAny(_reading);
    }

    private async Task EnterAsync()
    {
        var answer = await NextAsync();
        if (answer?.Code != Code.Login)
        {
            if (answer is { Code: Code.Error } && !Passing.Contains(answer.Text("error")))
                _client.History.Add(Seen.Wrong, key: $"LOGIN was answered by {answer.Body.ToJsonString()}");
            throw new EndOfStreamException();
        }

        _client.History.Add(Seen.Connected);
        foreach (var room in _client.Conversations.Where(name => name[0] == 'r'))
        {
            await TrySendAsync(Code.Join, new JsonObject { ["roomId"] = room[2..] });
            await UntilAsync(frame => frame.Code == Code.Join);
        }

        await SyncAsync();
        while (_isSyncing)
            await TakeNextAsync();
    }

    private async Task UntilAsync(Func<ReceivedFrame, bool> isIt)
    {
        while (!isIt(await TakeNextAsync()))
        {
            // What comes by itself is taken meanwhile.
        }
    }

    private async Task<ReceivedFrame> TakeNextAsync()
    {
        var frame = await NextAsync();
        // A JOIN that is refused for a while: from the beginning.
        if (frame is null || _isOver || frame is { Code: Code.Error } && frame.Body.ContainsKey("roomId"))
            throw new EndOfStreamException();
        await TakeAsync(frame);
        return frame;
    }

    /// <summary>The next frame; a node that says nothing is asked once. Null at the end.</summary>
    private async Task<ReceivedFrame?> NextAsync()
    {
        for (var isAsked = false; ; isAsked = true)
        {
            _reading ??= _socket.TryReceiveAsync(Timeout.InfiniteTimeSpan);
            try
            {
                var frame = await _reading.WaitAsync(_patience, _stop);
                _reading = null;
                return frame;
            }
            catch (TimeoutException) when (!isAsked)
            {
                await TrySendAsync(Code.Heartbeat, []);
            }
        }
    }

    private Task TakeAsync(ReceivedFrame frame) => frame.Code switch
    {
        Code.Message => TakeMessageAsync(frame),
        Code.Receipt => TakeReceipt(frame),
        Code.Sync => TakeSyncAsync(frame),
        Code.Error => TakeErrorAsync(frame),
        Code.Join => TakeJoined(frame),
        Code.Bye => TakeByeAsync(frame),
        Code.Heartbeat => Task.CompletedTask,
        _ => TakeOther(frame),
    };

    private async Task TakeMessageAsync(ReceivedFrame frame)
    {
        var (conversation, seq) = (frame.Text("conversation")!, frame.Number("seq"));
        if (_client.Note(Seen.Pushed, conversation, seq, frame.Text("msgId")!, frame.Content()))
            await SyncAsync();
        else if (conversation[0] == 'd' && seq % 8 == 0)
            await TrySendAsync(Code.Ack, new JsonObject { ["conversation"] = conversation, ["seq"] = seq });
    }

    private Task TakeReceipt(ReceivedFrame frame)
    {
        _client.NoteReceipt(frame.Text("conversation")!, frame.Number("seq"), frame.Text("msgId")!, frame.Text("clientMsgId")!);
        return Task.CompletedTask;
    }

    private async Task TakeSyncAsync(ReceivedFrame frame)
    {
        _isSyncing = false;
        var messages = frame.Body.Messages();
        foreach (var message in messages)
            _client.Note(Seen.Pulled, message.Text("conversation")!, message.Number("seq"), message.Text("msgId")!, message.Content());
        if (frame.Body["truncated"] is not null)
            _client.History.Add(Seen.Wrong, key: $"SYNC tells of {frame.Body["firstSeq"]?.ToJsonString()}");
        // What came beyond while it was being read.
        if (frame.Body["more"]!.GetValue<bool>() || _client.HasHole())
            await SyncAsync();
    }

    private async Task TakeErrorAsync(ReceivedFrame frame)
    {
        var error = frame.Text("error")!;
        if (error == "behind")
        {
            _client.History.Add(Seen.Behind, frame.Text("conversation")!);
            await SyncAsync();
            return;
        }

        if (!Passing.Contains(error))
            _client.History.Add(Seen.Wrong, key: frame.Body.ToJsonString());
        // As long as the server says, or a little: then the same again.
        await Pause.ForAsync((int)(frame.Body["retryAfterMs"]?.GetValue<long>() ?? 100));
        if (frame.Text("clientMsgId") is { } key)
        {
            if (_client.ConversationOf(key) is { } conversation)
                await TrySayAsync(conversation, key);
        }
        else
        {
            _isSyncing = false;
            await SyncAsync();
        }
    }

    private Task TakeJoined(ReceivedFrame frame)
    {
        _client.NoteJoined(frame.Text("conversation")!, frame.Number("seq"));
        return Task.CompletedTask;
    }

    private async Task TakeByeAsync(ReceivedFrame frame)
    {
        _isOver = true;
        if (!frame.Body["reconnect"]!.GetValue<bool>())
            _client.History.Add(Seen.Wrong, key: frame.Body.ToJsonString());
        // As long as the server says.
        await Pause.ForAsync((int)(frame.Body["afterMs"]?.GetValue<long>() ?? 0));
    }

    private Task TakeOther(ReceivedFrame frame)
    {
        _client.History.Add(Seen.Wrong, key: $"{frame.Code} {frame.Body.ToJsonString()}");
        return Task.CompletedTask;
    }

    private async Task SyncAsync()
    {
        if (_isSyncing)
            return;
        _isSyncing = true;
        await TrySendAsync(Code.Sync, new JsonObject { ["after"] = _client.After(), ["limit"] = 500 });
    }

    private async Task TrySendAsync(int code, JsonObject body)
    {
        await _writing.WaitAsync(_stop);
        try
        {
            await _socket.SendAsync(code, body);
        }
        catch (Exception end) when (HistoryClient.IsEnd(end))
        {
            // Whoever reads will see it.
        }
        finally
        {
            _writing.Release();
        }
    }
}
