using Npgsql;
using NpgsqlTypes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>The values of messages that are appended together, a list for each parameter.</summary>
internal sealed class AppendManyValues : AppendValues
{
    private readonly List<long> _appIds = [];
    private readonly List<short> _kinds = [];
    private readonly List<long> _lows = [];
    private readonly List<long> _highs = [];
    private readonly List<long> _senders = [];
    private readonly List<string?> _keys = [];
    private readonly List<int> _bizCodes = [];
    private readonly List<string> _data = [];
    private readonly List<long> _times = [];
    private readonly List<long> _userApps = [];
    private readonly List<long> _users = [];
    private readonly List<long> _roomApps = [];
    private readonly List<long> _rooms = [];

    public override void Set(AppendBatch batch)
    {
        Clear();
        foreach (var job in batch.Sent)
            Add(job);
    }

    public override NpgsqlBatchCommand NewLock() => NewCommand(AppendSql.Lock, Longs(_appIds), Shorts(_kinds), Longs(_lows), Longs(_highs));

    public override NpgsqlBatchCommand NewAppend(NpgsqlParameter<long> node, NpgsqlParameter<long> end) => NewCommand(
        AppendSql.Append,
        Longs(_appIds), Shorts(_kinds), Longs(_lows), Longs(_highs), Longs(_senders), Texts(_keys), Integers(_bizCodes), Texts(_data), Longs(_times), node, end);

    public override NpgsqlBatchCommand NewRoutes() => NewCommand(AppendSql.Routes, Longs(_userApps), Longs(_users), Longs(_roomApps), Longs(_rooms));

    private static NpgsqlParameter<List<long>> Longs(List<long> values) => Array(values, NpgsqlDbType.Bigint);

    private static NpgsqlParameter<List<short>> Shorts(List<short> values) => Array(values, NpgsqlDbType.Smallint);

    private static NpgsqlParameter<List<int>> Integers(List<int> values) => Array(values, NpgsqlDbType.Integer);

    private static NpgsqlParameter<List<T>> Texts<T>(List<T> values) => Array(values, NpgsqlDbType.Text);

    private static NpgsqlParameter<List<T>> Array<T>(List<T> values, NpgsqlDbType type) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private void Add(WaitingAppend job)
    {
        var submission = job.Submission;
        var key = submission.Conversation;
        _appIds.Add(key.AppId);
        _kinds.Add((short)key.Kind);
        _lows.Add(key.Low);
        _highs.Add(key.High);
        _senders.Add(submission.SenderId);
        _keys.Add(job.Key);
        _bizCodes.Add(submission.BizCode);
        _data.Add(submission.Data);
        _times.Add(submission.Time);
        if (key.IsRoom)
        {
            _roomApps.Add(key.AppId);
            _rooms.Add(key.Low);
            return;
        }

        _userApps.Add(key.AppId);
        _users.Add(key.Low);
        _userApps.Add(key.AppId);
        _users.Add(key.High);
    }

    private void Clear()
    {
        foreach (var numbers in new[] { _appIds, _lows, _highs, _senders, _times, _userApps, _users, _roomApps, _rooms })
            numbers.Clear();
        _kinds.Clear();
        _keys.Clear();
        _bizCodes.Clear();
        _data.Clear();
    }
}
