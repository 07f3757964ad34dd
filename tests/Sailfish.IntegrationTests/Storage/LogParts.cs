using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Hosting;
using Sailfish.Server.Messaging;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>The log with its writer, in this process, on a file.</summary>
internal sealed class LogParts : IDisposable
{
    private readonly TemporaryDirectory? _ownFolder;
    private readonly UnreadRows _unread = new();
    private readonly MessageAppender _appender;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    /// <param name="storage">The settings; those that come without any when not given.</param>
    /// <param name="folder">Where the file is, which stays there; a folder that goes with this one when not given.</param>
    /// <param name="sink">Is told what becomes of messages; whoever waits for them when not given.</param>
    public LogParts(StorageOptions? storage = null, string? folder = null, ISubmissionSink? sink = null)
    {
        _ownFolder = folder is null ? new TemporaryDirectory() : null;
        Options = Microsoft.Extensions.Options.Options.Create(storage ?? new StorageOptions());
        Database = new SqliteDatabase(Microsoft.Extensions.Options.Options.Create(new ServerOptions { DataDir = folder ?? _ownFolder!.Path }), Options, NullLogger<SqliteDatabase>.Instance);
        Recent = new RecentMessages(Options);
        Space = new MessageSpace(Database, Options, TimeProvider.System, NullLogger<MessageSpace>.Instance);
        var conversations = new ConversationTable(Database);
        _appender = new MessageAppender(conversations, Recent, Space, _unread, sink ?? new Completions());
        Writer = new SqliteWriter(Database, _appender, Options, new StorageMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<SqliteWriter>.Instance);
        Log = new SqliteMessageLog(Writer, _appender);
        History = new SqliteMessageHistory(Database, conversations, Recent);
        Positions = new SqlitePositionStore(Database, Writer, _unread);
        Saver = new AckSaver(Acks, Positions, TimeProvider.System, NullLogger<AckSaver>.Instance);
        Retention = new Retention(Database, Writer, Recent, _unread, Options, TimeProvider.System, NullLogger<Retention>.Instance);
        Watch = new StorageWatch(Database, Space, Options, TimeProvider.System, NullLogger<StorageWatch>.Instance);
    }

    public IOptions<StorageOptions> Options { get; }

    public SqliteDatabase Database { get; }

    public SqliteWriter Writer { get; }

    public RecentMessages Recent { get; }

    public MessageSpace Space { get; }

    public SqliteMessageLog Log { get; }

    public SqliteMessageHistory History { get; }

    public SqlitePositionStore Positions { get; }

    public AckTable Acks { get; } = new();

    public AckSaver Saver { get; }

    public Retention Retention { get; }

    public StorageWatch Watch { get; }

    public ValueTask AppendAsync(ConversationKey key, long sender = 10001, string data = "{}") =>
        Log.AppendAsync(new Submission { Conversation = key, SenderId = sender, BizCode = BizCodes.Chat, Data = data, Time = 1 }, CancellationToken.None);

    /// <summary>The database, directly.</summary>
    public void Sql(string sql)
    {
        using var connection = Database.OpenReader();
        connection.Execute(sql);
    }

    public T Sql<T>(string sql)
    {
        using var connection = Database.OpenReader();
        return connection.ExecuteScalar<T>(sql)!;
    }

    public void Dispose()
    {
        Saver.Dispose();
        Watch.Dispose();
        Retention.Dispose();
        Positions.Dispose();
        _unread.Dispose();
        _appender.Dispose();
        Writer.Dispose();
        _services.Dispose();
        // This database's alone: other tests have theirs at the same time.
        using (var connection = Database.OpenReader())
            SqliteConnection.ClearPool(connection);
        _ownFolder?.Dispose();
    }
}
