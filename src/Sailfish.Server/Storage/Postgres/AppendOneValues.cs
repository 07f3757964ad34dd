using Npgsql;
using NpgsqlTypes;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>The values of a message that is appended alone. For one set of commands: a parameter belongs to one.</summary>
internal sealed class AppendOneValues : AppendValues
{
    private readonly List<OfConversation> _conversations = [];
    private readonly NpgsqlParameter<long> _sender = Long();
    private readonly NpgsqlParameter<string?> _key = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int> _bizCode = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<string?> _data = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<long> _time = Long();

    public override void Set(AppendBatch batch)
    {
        var job = batch.Sent[0];
        var submission = job.Submission;
        foreach (var conversation in _conversations)
            conversation.Set(submission.Conversation);
        _sender.TypedValue = submission.SenderId;
        _key.TypedValue = job.Key;
        _bizCode.TypedValue = submission.BizCode;
        _data.TypedValue = submission.Data;
        _time.TypedValue = submission.Time;
    }

    public override NpgsqlBatchCommand NewLock() => Command(AppendOneSql.Lock);

    public override NpgsqlBatchCommand NewAppend(NpgsqlParameter<long> node, NpgsqlParameter<long> end) =>
        Command(AppendOneSql.Append, _sender, _key, _bizCode, _data, _time, node, end);

    public override NpgsqlBatchCommand NewRoutes() => Command(AppendOneSql.Routes);

    private static NpgsqlParameter<long> Long() => new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    private NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var conversation = new OfConversation();
        _conversations.Add(conversation);
        return NewCommand(sql, [.. conversation.All, .. values]);
    }

    /// <summary>Those that name the conversation, of one command.</summary>
    private sealed class OfConversation
    {
        private readonly NpgsqlParameter<long> _appId = Long();
        private readonly NpgsqlParameter<short> _kind = new() { NpgsqlDbType = NpgsqlDbType.Smallint };
        private readonly NpgsqlParameter<long> _low = Long();
        private readonly NpgsqlParameter<long> _high = Long();

        public NpgsqlParameter[] All => [_appId, _kind, _low, _high];

        public void Set(ConversationKey key)
        {
            (_appId.TypedValue, _kind.TypedValue) = (key.AppId, (short)key.Kind);
            (_low.TypedValue, _high.TypedValue) = (key.Low, key.High);
        }
    }
}
